import { ts } from 'ts-morph';
import type { ErrorCode } from '../../../model/error-codes.ts';
import type { Problem } from '../../../model/margay-error.ts';
import { whereOf } from '../read-source.ts';

/** What a purity rule is given besides the node. */
export interface LintContext {
  readonly root: string;
  /** Below the root. */
  readonly file: string;
  readonly checker: ts.TypeChecker;
  report(code: ErrorCode, node: ts.Node, message: string, hint?: string): void;
}

/** A purity rule: looks at one node, knowing what is above it. */
export type PurityRule = (node: ts.Node, context: LintContext) => void;

/** A context that collects. */
export function createLintContext(
  input: Pick<LintContext, 'root' | 'file' | 'checker'>,
  problems: Problem[],
): LintContext {
  return {
    ...input,
    report(code, node, message, hint) {
      problems.push({ code, message, where: whereOf(input.root, node), hint, severity: 'error' });
    },
  };
}

/** Whether an identifier stands for a value: not the name of a declaration, a member or a label. */
export function isReference(node: ts.Node): node is ts.Identifier {
  if (!ts.isIdentifier(node)) return false;
  const parent = node.parent as ts.Node & {
    readonly name?: ts.Node;
    readonly propertyName?: ts.Node;
    readonly label?: ts.Node;
  };
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  return parent.name !== node && parent.propertyName !== node && parent.label !== node;
}

/** What a reference means, by the language's own scope rules; `undefined` for a global. */
export function declarationOf(node: ts.Identifier, checker: ts.TypeChecker): ts.Declaration | undefined {
  const symbol =
    ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node
      ? checker.getShorthandAssignmentValueSymbol(node.parent)
      : checker.getSymbolAtLocation(node);
  // `declare const process` claims a global; it does not make one.
  return symbol?.declarations?.find((declaration) => !isAmbient(declaration));
}

/** The variable that a chain of member accesses starts from: `a` of `a.b[0]?.c`. */
export function rootOf(node: ts.Expression): ts.Expression {
  let inner = withoutCasts(node);
  while (ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner))
    inner = withoutCasts(inner.expression);
  return inner;
}

/** The expression inside parentheses, `as`, `satisfies` and `!`. */
export function withoutCasts(node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isNonNullExpression(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}

function isAmbient(declaration: ts.Declaration): boolean {
  for (let node: ts.Node = declaration; node && !ts.isSourceFile(node); node = node.parent) {
    if (ts.canHaveModifiers(node) && ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.DeclareKeyword)) {
      return true;
    }
  }
  return false;
}
