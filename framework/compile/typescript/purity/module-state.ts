import { ts } from 'ts-morph';
import { allowedGlobals } from './allowed-globals.ts';
import { declarationOf, type LintContext, rootOf, withoutCasts } from './lint-context.ts';

/** Methods that change arrays, maps and sets. */
const mutators = new Set([
  ...['push', 'pop', 'shift', 'unshift', 'splice', 'sort', 'reverse', 'fill', 'copyWithin'],
  ...['set', 'add', 'delete', 'clear'],
]);

/**
 * A module keeps nothing between events: no top-level `let`, and no change from inside a function to what is
 * declared at the top or imported. Nor do globals change, anywhere.
 */
export function lintModuleState(node: ts.Node, context: LintContext): void {
  if (ts.isVariableStatement(node)) lintTopLevelLet(node, context);
  else if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) lintTarget(node.left, context);
  else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    if (isStep(node.operator)) lintTarget(node.operand, context);
  } else if (ts.isDeleteExpression(node)) lintTarget(node.expression, context);
  else if (ts.isForInStatement(node) || ts.isForOfStatement(node)) {
    if (!ts.isVariableDeclarationList(node.initializer)) lintTarget(node.initializer, context);
  } else if (ts.isCallExpression(node)) lintCall(node, context);
}

function lintTopLevelLet(node: ts.VariableStatement, context: LintContext): void {
  if (!ts.isSourceFile(node.parent) || node.declarationList.flags & ts.NodeFlags.Const) return;
  if (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)) return;
  report(node, 'A variable at the top of a file outlives the event.', 'Write `const`.', context);
}

/** The left side of an assignment, taken apart where it is a pattern. */
function lintTarget(target: ts.Expression, context: LintContext): void {
  const node = withoutCasts(target);
  if (ts.isArrayLiteralExpression(node)) {
    for (const element of node.elements)
      lintTarget(ts.isSpreadElement(element) ? element.expression : element, context);
  } else if (ts.isObjectLiteralExpression(node)) {
    for (const property of node.properties) {
      if (ts.isPropertyAssignment(property)) lintTarget(property.initializer, context);
      if (ts.isShorthandPropertyAssignment(property)) lintTarget(property.name, context);
      if (ts.isSpreadAssignment(property)) lintTarget(property.expression, context);
    }
  } else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    lintTarget(node.left, context);
  } else lintChange(node, context);
}

function lintCall(node: ts.CallExpression, context: LintContext): void {
  const callee = withoutCasts(node.expression);
  if (!ts.isPropertyAccessExpression(callee)) return;
  const [first] = node.arguments;
  const isAssign = callee.name.text === 'assign' && callee.expression.getText() === 'Object';
  if (isAssign && first) lintChange(first, context);
  else if (mutators.has(callee.name.text) && !isFromMargay(rootOf(callee), context))
    lintChange(callee.expression, context);
  else if (['test', 'exec'].includes(callee.name.text)) lintStickyPattern(callee.expression, context);
}

/** A change to whatever the expression starts from. */
function lintChange(target: ts.Expression, context: LintContext): void {
  const root = rootOf(target);
  if (!ts.isIdentifier(root)) return;
  const declaration = declarationOf(root, context.checker);
  const shown = `\`${target.getText()}\``;
  if (!declaration) {
    if (allowedGlobals.has(root.text))
      report(target, `${shown} belongs to everybody.`, 'Make a value of your own.', context);
  } else if (isImported(declaration)) {
    report(
      target,
      `${shown} is imported, and other detections see the change.`,
      'Make a copy: `[...list]`, `{ ...record }`.',
      context,
    );
  } else if (isTopLevel(declaration) && isInFunction(target)) {
    report(
      target,
      `${shown} is declared at the top of the file and outlives the event.`,
      'Declare it inside the function.',
      context,
    );
  }
}

/** `/x/g.test(…)` remembers where it stopped. */
function lintStickyPattern(pattern: ts.Expression, context: LintContext): void {
  const node = withoutCasts(pattern);
  const declaration = ts.isIdentifier(node) ? declarationOf(node, context.checker) : undefined;
  if (!declaration || !isTopLevel(declaration) || !ts.isVariableDeclaration(declaration)) return;
  const literal = declaration.initializer && withoutCasts(declaration.initializer);
  if (!literal || !ts.isRegularExpressionLiteral(literal)) return;
  if (!/[gy][a-z]*$/.test(literal.text.slice(literal.text.lastIndexOf('/')))) return;
  report(
    node,
    `\`${node.getText()}\` has a flag that makes it remember where it stopped.`,
    'Drop the flags `g` and `y`.',
    context,
  );
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function isStep(operator: ts.SyntaxKind): boolean {
  return operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;
}

function isImported(declaration: ts.Declaration): boolean {
  return ts.isImportSpecifier(declaration) || ts.isNamespaceImport(declaration) || ts.isImportClause(declaration);
}

function isFromMargay(root: ts.Expression, context: LintContext): boolean {
  const declaration = ts.isIdentifier(root) ? declarationOf(root, context.checker) : undefined;
  const statement = declaration && ts.findAncestor(declaration, ts.isImportDeclaration);
  return (
    statement !== undefined &&
    ts.isStringLiteral(statement.moduleSpecifier) &&
    statement.moduleSpecifier.text === 'margay'
  );
}

function isTopLevel(declaration: ts.Declaration): boolean {
  return (
    ts.findAncestor(declaration.parent, ts.isFunctionLike) === undefined &&
    ts.findAncestor(declaration.parent, ts.isBlock) === undefined
  );
}

function isInFunction(node: ts.Node): boolean {
  return ts.findAncestor(node, ts.isFunctionLike) !== undefined;
}

function report(node: ts.Node, message: string, hint: string, context: LintContext): void {
  context.report('COMPILE_MODULE_STATE', node, message, hint);
}
