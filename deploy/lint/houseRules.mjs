// Rules that no plugin has.
import { builtinRules } from 'eslint/use-at-your-own-risk';
import tseslint from 'typescript-eslint';
import { noCycles } from './cycles.mjs';

/** @param {any} node the name at the root of `describe.each(...)`, `it.skipIf(...)` and the like */
function rootName(node) {
  if (node.type === 'CallExpression') return rootName(node.callee);
  if (node.type === 'MemberExpression') return rootName(node.object);
  return node.type === 'Identifier' ? node.name : undefined;
}

/** @param {any} node */
const isDescribe = ({ parent }) =>
  parent?.type === 'CallExpression' && rootName(parent.callee) === 'describe';

/** @param {any} node its caller decides which parameters there are: the columns of a table, the match of a pattern */
const isInlineCallback = (node) => node.parent?.type === 'CallExpression' && node.parent.callee !== node;

/** @param {any} node matchers of vitest, such as `expect.any(String)`, are typed as any */
const isMatcher = (node) =>
  rootName(node.value ?? node.init ?? node.argument ?? node.body ?? node) === 'expect';

/**
 * A rule as it is, save for the nodes that it judges wrongly.
 * @param {any} rule
 * @param {(node: any) => boolean} isExempt
 * @returns {import('eslint').Rule.RuleModule}
 */
const sparing = (rule, isExempt) => ({
  ...rule,
  create(context) {
    /** @param {any} problem */
    const report = (problem) => {
      if (!isExempt(problem.node)) context.report(problem);
    };
    return rule.create(Object.create(context, { report: { value: report } }));
  },
});

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
    // A `describe` is a heading and not a function.
    'max-lines-per-function': sparing(builtinRules.get('max-lines-per-function'), isDescribe),
    'max-params': sparing(builtinRules.get('max-params'), isInlineCallback),
    'no-unsafe-assignment': sparing(tseslint.plugin.rules?.['no-unsafe-assignment'], isMatcher),
    'no-unsafe-return': sparing(tseslint.plugin.rules?.['no-unsafe-return'], isMatcher),
    'explain-disable': explainDisable,
  },
};
