// Rules that no plugin has.
import { builtinRules } from 'eslint/use-at-your-own-risk';
import { noCycles } from './cycles.mjs';

const maxLines = /** @type {import('eslint').Rule.RuleModule} */ (builtinRules.get('max-lines-per-function'));

/** @param {any} node the name at the root of `describe.each(...)`, `it.skipIf(...)` and the like */
function rootName(node) {
  if (node.type === 'CallExpression') return rootName(node.callee);
  if (node.type === 'MemberExpression') return rootName(node.object);
  return node.type === 'Identifier' ? node.name : undefined;
}

/** @param {any} node */
const isDescribe = ({ parent }) =>
  parent?.type === 'CallExpression' && rootName(parent.callee) === 'describe';

/**
 * max-lines-per-function, but a `describe` is a heading and not a function.
 * @type {import('eslint').Rule.RuleModule}
 */
const maxLinesPerFunction = {
  ...maxLines,
  create(context) {
    /** @param {any} problem */
    const report = (problem) => {
      if (!isDescribe(problem.node)) context.report(problem);
    };
    return maxLines.create(Object.create(context, { report: { value: report } }));
  },
};

/** @type {import('eslint').Rule.RuleModule} */
const explainDisable = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      reason: 'Say why: `eslint-disable-next-line rule -- reason`.',
      wide: 'Switch off one rule on one line, not a file.',
    },
  },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          const [directive, reason] = comment.value.trim().split(/\s--+\s/);
          if (!comment.loc || !directive?.startsWith('eslint-disable')) continue;
          const named = /^eslint-disable(-next)?-line\s+\S/.test(directive);
          if (!named) context.report({ loc: comment.loc, messageId: 'wide' });
          else if (!reason) context.report({ loc: comment.loc, messageId: 'reason' });
        }
      },
    };
  },
};

export const house = {
  rules: {
    'no-cycles': noCycles,
    'max-lines-per-function': maxLinesPerFunction,
    'explain-disable': explainDisable,
  },
};
