import { ts } from 'ts-morph';
import type { LintContext } from './lint-context.ts';

/** Detection functions return at once: nothing is `async`, nothing is awaited. */
export function lintAsync(node: ts.Node, context: LintContext): void {
  const isAwait = ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
  const modifier = ts.canHaveModifiers(node)
    ? ts.getModifiers(node)?.find(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword)
    : undefined;
  if (!isAwait && !modifier) return;
  context.report(
    'COMPILE_ASYNC',
    modifier ?? node,
    `\`${isAwait ? 'await' : 'async'}\` has no place in content: a detection sees its event and returns at once.`,
    'Write a plain function.',
  );
}
