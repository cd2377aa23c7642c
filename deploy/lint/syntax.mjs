// Turns of phrase that are not used here, as selectors for no-restricted-syntax.

export const everywhere = [
  { selector: 'TSEnumDeclaration', message: 'A union of literals instead: only erasable syntax.' },
  {
    selector: 'TSAsExpression > TSAsExpression.expression > TSUnknownKeyword.typeAnnotation',
    message: 'Narrow the value with a check, or make the types fit, instead of a cast by way of unknown.',
  },
  {
    selector: 'ImportDeclaration[source.value=/^(node:)?process$/] ImportSpecifier[imported.name="env"]',
    message: 'Only the configuration reads the environment.',
  },
];

const runner = '/^(it|test|describe|suite)$/';
const unwanted = '/^(only|skip|todo|fails)$/';
const noSkip = 'A test runs or is gone. For what the machine lacks: `it.skipIf(...)`, `ctx.skip(reason)`.';
const noSleep = 'Wait for a condition, never for time.';

export const inTests = [
  ...everywhere,
  { selector: `MemberExpression[object.name=${runner}][property.name=${unwanted}]`, message: noSkip },
  { selector: `MemberExpression[object.object.name=${runner}][property.name=${unwanted}]`, message: noSkip },
  {
    selector: `CallExpression[callee.name=${runner}] > ObjectExpression > Property[key.name=${unwanted}]`,
    message: noSkip,
  },
  {
    selector: `CallExpression[callee.property.name="skip"][callee.object.name=/^(ctx|context|t)$/][arguments.length=0]`,
    message: 'Say why the test is skipped.',
  },
  { selector: 'ImportDeclaration[source.value=/^(node:)?timers.promises$/]', message: noSleep },
  { selector: 'CallExpression[callee.property.name="waitForTimeout"]', message: noSleep },
  { selector: 'CallExpression[callee.name="promisify"][arguments.0.name="setTimeout"]', message: noSleep },
  {
    selector:
      'NewExpression[callee.name="Promise"] CallExpression[callee.name="setTimeout"]' +
      '[arguments.0.type="Identifier"][arguments.0.name!=/^(reject|fail)/]',
    message: noSleep,
  },
  {
    selector:
      'NewExpression[callee.name="Promise"] CallExpression[callee.name="setTimeout"]' +
      '[arguments.0.body.callee.name=/^(resolve|done)/]',
    message: noSleep,
  },
];
