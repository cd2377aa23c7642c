import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkify } from './linkify.ts';

test.each([
  ['see https://example.org/a?b=c.', ['see ', '<https://example.org/a?b=c>', '.']],
  ['(http://example.org)', ['(', '<http://example.org>', ')']],
  ['https://a.example, https://b.example', ['<https://a.example>', ', ', '<https://b.example>']],
  ['javascript:alert(1)', ['javascript:alert(1)']],
  ['data:text/html,x file:///etc/passwd', ['data:text/html,x file:///etc/passwd']],
  ['<a href="https://x.example">', ['<a href="', '<https://x.example>', '">']],
  ['https://', ['https://']],
  ['', []],
])('%j', (text, expected) => {
  expect(linkify(text).map((part) => (part.kind === 'link' ? `<${part.text}>` : part.text))).toEqual(
    expected,
  );
});

test('nothing is lost or added, and links are http or https', () => {
  const piece = fc.constantFrom('https://', 'http://a.b', 'javascript:', ' ', '.', '"', '<', 'x', '\n', 'ä');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const parts = linkify(pieces.join(''));
      expect(parts.map(({ text }) => text).join('')).toBe(pieces.join(''));
      for (const part of parts) if (part.kind === 'link') expect(part.url).toMatch(/^https?:\/\//);
    }),
  );
});
