import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNumber, readParty, whyNotCalled } from './numbers.ts';

describe('what a trunk sends', () => {
  it.each([
    ['+4930123456', 'US', '+4930123456'],
    ['+49 (30) 123-456', 'US', '+4930123456'],
    ['004930123456', 'DE', '+4930123456'],
    ['004930123456', 'US', '+4930123456'],
    ['030123456', 'DE', '+4930123456'],
    ['030/12 34 56', 'DE', '+4930123456'],
    ['4930123456', 'DE', '+4930123456'],
    ['4930123456', 'US', '+4930123456'],
    ['4155550100', 'US', '+14155550100'],
    ['14155550100', 'US', '+14155550100'],
    ['14155550100', 'DE', '+14155550100'],
    ['0114930123456', 'US', '+4930123456'],
    ['33123456789', 'DE', '+33123456789'],
    ['0612345678', 'IT', '+390612345678'],
    ['02079460000', 'GB', '+442079460000'],
    ['sip:+4930123456@carrier.example;user=phone', 'US', '+4930123456'],
    ['sips:%2B4930123456@carrier.example', 'US', '+4930123456'],
    ['"Ann <1>" <sip:030123456:secret@10.0.0.1>', 'DE', '+4930123456'],
    ['sip:+4930123456;npdi;rn=+49@carrier.example', 'US', '+4930123456'],
    ['tel:+49-30-123456', 'US', '+4930123456'],
    ['tel:30123456;phone-context=+49', 'US', '+4930123456'],
  ])('%s from %s is %s', (text, country, e164) => {
    expect(readParty(text, country)).toEqual({ kind: 'number', e164 });
  });

  it.each([
    '',
    'anonymous',
    'Anonymous',
    'sip:anonymous@anonymous.invalid',
    'sip:+4930123456@anonymous.invalid',
    'Restricted',
    'sip:unknown@10.0.0.1',
    'sip:@host',
  ])('%j is withheld', (text) => expect(readParty(text, 'DE')).toEqual({ kind: 'withheld' }));

  it.each([
    ['100', 'DE', '100'],
    ['sip:100@10.0.0.1', 'DE', '100'],
    ['sip:stand-up@meet.example', 'DE', 'stand-up'],
    ['112', 'DE', '112'],
    ['911', 'US', '911'],
    ['+0', 'US', '+0'],
    ['12345', 'DE', '12345'],
    ['sip:%ZZ@host', 'DE', '%ZZ'],
    ['*98', 'DE', '*98'],
  ])('%s from %s is the name %s', (text, country, name) => {
    expect(readParty(text, country)).toEqual({ kind: 'other', name });
  });

  it('never throws, and what it gives is E.164', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^(sip:|tel:)?\+?[0-9 -]{0,20}(@h)?$/)),
        fc.constantFrom('DE', 'US', 'XX', ''),
        (text, country) => {
          const party = readParty(text, country);
          if (party.kind === 'number') expect(party.e164).toMatch(/^\+[1-9]\d{1,14}$/);
          if (party.kind === 'number') expect(readParty(party.e164, country)).toEqual(party);
        },
      ),
    );
  });
});

describe('how a trunk wants it', () => {
  it.each([
    ['+4930123456', 'e164', 'DE', '+4930123456'],
    ['+4930123456', 'digits', 'DE', '4930123456'],
    ['+4930123456', 'national', 'DE', '030123456'],
    ['+4930123456', 'national', 'US', '0114930123456'],
    ['+14155550100', 'national', 'US', '4155550100'],
    ['+14155550100', 'national', 'DE', '0014155550100'],
    ['+14155550100', 'national', 'XX', '0014155550100'],
    ['+390612345678', 'national', 'IT', '0612345678'],
    ['100', 'national', 'DE', '100'],
  ] as const)('%s as %s in %s is %s', (e164, format, country, dialled) => {
    expect(formatNumber(e164, format, country)).toBe(dialled);
  });
  it.each(['+4930123456', '+14155550100', '+442079460000', '+390612345678', '+33123456789'])(
    'what it dials is read as the same number: %s',
    (e164) => {
      // Where national numbers have no prefix, digits alone may be either.
      for (const country of ['DE', 'US', 'GB', 'FR'])
        for (const format of ['e164', 'digits', 'national'] as const)
          expect(readParty(formatNumber(e164, format, country), country)).toEqual({ kind: 'number', e164 });
    },
  );
});

describe('what may be called', () => {
  it.each([
    ['+4930123456', ['+49']],
    ['+4930123456', ['+']],
    ['+4915123456789', ['+49', '+43']],
    ['+14155550100', ['+1']],
    ['+18765551234', ['+1876']],
    ['+19005551234', ['+1900']],
    ['+881612345678', ['+881']],
  ])('%s with %j', (e164, prefixes) => expect(whyNotCalled(e164, prefixes)).toBeUndefined());

  it.each([
    ['+4930123456', []],
    ['+4930123456', ['+43']],
    ['+499001234567', ['+49', '+']],
    ['+49900123', ['+49']],
    ['+19005551234', ['+1', '+']],
    ['+18765551234', ['+1']],
    ['+881612345678', ['+', '+8', '+88']],
    ['+870773111632', ['+']],
    ['+979123456789', ['+', '+9']],
    ['+449012345678', ['+44', '+449']],
    ['030123456', ['+49']],
    ['+', ['+']],
    ['112', ['+']],
    ['+49301\r\nX: y', ['+']],
  ])('not %s with %j', (e164, prefixes) => expect(whyNotCalled(e164, prefixes)).toMatch(/\.$/));
});
