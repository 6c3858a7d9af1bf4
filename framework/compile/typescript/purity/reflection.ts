import { ts } from 'ts-morph';
import { declarationOf, type LintContext, withoutCasts } from './lint-context.ts';

/** Members that lead from any value to the machinery behind it. */
const machinery = new Set([
  'constructor',
  'prototype',
  '__proto__',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
  'caller',
  'callee',
]);

/**
 * Content never reaches constructors or prototypes: not by name, not by a text put together, not by taking an
 * object apart. A key that only the event decides is fine for reading (`counts[name]`), not for calling.
 */
export function lintReflection(node: ts.Node, context: LintContext): void {
  if (ts.isPropertyAccessExpression(node)) lintName(node.name, node.name.text, context);
  else if (ts.isElementAccessExpression(node)) lintKey(node, context);
  else if (ts.isBindingElement(node)) lintTakenApart(node, context);
  else if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) lintLiteral(node, context);
}

function lintName(node: ts.Node, name: string | undefined, context: LintContext): void {
  if (name === undefined || !machinery.has(name)) return;
  context.report(
    'COMPILE_REFLECTION',
    node,
    `'${name}' is out of reach for content.`,
    'Read the fields of the event only.',
  );
}

function lintKey(node: ts.ElementAccessExpression, context: LintContext): void {
  const key = constantText(node.argumentExpression, context);
  if (key !== undefined) lintName(node.argumentExpression, key, context);
  else if (isBuiltText(node.argumentExpression)) {
    context.report(
      'COMPILE_REFLECTION',
      node.argumentExpression,
      'A member whose name is put together here cannot be followed.',
      'Write the name out, or read by path with `get` from margay.',
    );
  } else if (isCallee(node) && !ts.isNumericLiteral(node.argumentExpression)) {
    context.report(
      'COMPILE_REFLECTION',
      node,
      `\`${node.getText()}(…)\` calls a member that only its run decides.`,
      'Call members by name, or keep the functions in a `Map`.',
    );
  }
}

function lintTakenApart(node: ts.BindingElement, context: LintContext): void {
  if (!ts.isObjectBindingPattern(node.parent)) return;
  const name = node.propertyName ?? node.name;
  if (ts.isComputedPropertyName(name)) lintName(name, constantText(name.expression, context), context);
  else if (ts.isIdentifier(name) || ts.isStringLiteral(name)) lintName(name, name.text, context);
}

/** In `{ constructor: x } = value` the literal is a pattern; in a plain one only `__proto__` does anything. */
function lintLiteral(node: ts.PropertyAssignment | ts.ShorthandPropertyAssignment, context: LintContext): void {
  const { name } = node;
  const text = ts.isComputedPropertyName(name)
    ? constantText(name.expression, context)
    : 'text' in name
      ? name.text
      : undefined;
  if (text === '__proto__' || isAssignmentPattern(node.parent)) lintName(name, text, context);
}

function isAssignmentPattern(literal: ts.Node): boolean {
  let node = literal;
  while (
    ts.isParenthesizedExpression(node.parent) ||
    ts.isPropertyAssignment(node.parent) ||
    ts.isObjectLiteralExpression(node.parent)
  ) {
    node = node.parent;
  }
  const { parent } = node;
  if (ts.isForOfStatement(parent)) return parent.initializer === node;
  return (
    ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && parent.left === node
  );
}

function isCallee(node: ts.Expression): boolean {
  let inner: ts.Node = node;
  while (
    ts.isParenthesizedExpression(inner.parent) ||
    ts.isNonNullExpression(inner.parent) ||
    ts.isAsExpression(inner.parent)
  ) {
    inner = inner.parent;
  }
  const { parent } = inner;
  if (ts.isTaggedTemplateExpression(parent)) return parent.tag === inner;
  return (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression === inner;
}

/** The text of a literal, of literals joined by `+`, or of a `const` that holds such. */
function constantText(expression: ts.Expression, context: LintContext, depth = 0): string | undefined {
  const node = withoutCasts(expression);
  if (depth > 8) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const left = constantText(node.left, context, depth + 1);
    const right = constantText(node.right, context, depth + 1);
    return left === undefined || right === undefined ? undefined : left + right;
  }
  if (!ts.isIdentifier(node)) return undefined;
  const declaration = declarationOf(node, context.checker);
  const isConst = declaration && ts.isVariableDeclaration(declaration) && declaration.parent.flags & ts.NodeFlags.Const;
  return isConst && declaration.initializer ? constantText(declaration.initializer, context, depth + 1) : undefined;
}

/** A text made here of parts: joined, filled in or spelled by character codes. */
function isBuiltText(expression: ts.Expression): boolean {
  const node = withoutCasts(expression);
  if (ts.isTemplateExpression(node) || ts.isTaggedTemplateExpression(node)) return true;
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    return [node.left, node.right].some((side) => ts.isStringLiteralLike(withoutCasts(side)) || isBuiltText(side));
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  return ['join', 'concat', 'fromCharCode', 'fromCodePoint', 'reverse', 'replace', 'replaceAll'].includes(
    node.expression.name.text,
  );
}
