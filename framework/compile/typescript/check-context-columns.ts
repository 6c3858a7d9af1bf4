import { ts } from 'ts-morph';
import type { Problem } from '../../model/margay-error.ts';
import { suggest } from '../../model/suggest.ts';
import { defaultExport } from './locate-in-literal.ts';
import { whereOf } from './read-source.ts';

/**
 * Columns that a detection's `context` function returns without its YAML declaring them. TypeScript itself lets an
 * arrow function return more than its type says.
 */
export function checkContextColumns(root: string, source: ts.SourceFile, checker: ts.TypeChecker): readonly Problem[] {
  const context = findContext(source);
  const declared = context && returnTypeOf(context, checker);
  if (!declared || declared.getStringIndexType()) return [];
  const known = declared.getProperties().map(({ name }) => name);
  if (known.length === 0) return [];
  return returnedLiterals(context).flatMap((literal) =>
    literal.properties.flatMap((property): readonly Problem[] => {
      const name = property.name && 'text' in property.name ? property.name.text : undefined;
      if (name === undefined || known.includes(name)) return [];
      const message = `'${name}' is no column that the YAML declares under context.`;
      const where = whereOf(root, property.name ?? property);
      return [{ code: 'COMPILE_TYPE_ERROR', message, where, hint: suggest(name, known), severity: 'error' }];
    }),
  );
}

type FunctionNode = ts.ArrowFunction | ts.FunctionExpression | ts.MethodDeclaration;

function findContext(source: ts.SourceFile): FunctionNode | undefined {
  const call = defaultExport(source);
  const functions = call && ts.isCallExpression(call) ? call.arguments[0] : undefined;
  if (!functions || !ts.isObjectLiteralExpression(functions)) return undefined;
  const member = functions.properties.find(({ name }) => name && 'text' in name && name.text === 'context');
  if (!member) return undefined;
  if (ts.isMethodDeclaration(member)) return member;
  const value = ts.isPropertyAssignment(member) ? member.initializer : undefined;
  return value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) ? value : undefined;
}

function returnTypeOf(node: FunctionNode, checker: ts.TypeChecker): ts.Type | undefined {
  const expected = ts.isMethodDeclaration(node) ? memberType(node, checker) : checker.getContextualType(node);
  const [signature] = expected?.getNonNullableType().getCallSignatures() ?? [];
  return signature?.getReturnType().getNonNullableType();
}

function memberType(node: ts.MethodDeclaration, checker: ts.TypeChecker): ts.Type | undefined {
  const symbol = checker.getContextualType(node.parent as ts.ObjectLiteralExpression)?.getProperty('context');
  return symbol && checker.getTypeOfSymbolAtLocation(symbol, node);
}

function returnedLiterals(node: FunctionNode): readonly ts.ObjectLiteralExpression[] {
  if (!node.body) return [];
  if (!ts.isBlock(node.body)) return literalsOf(node.body);
  const found: ts.ObjectLiteralExpression[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isReturnStatement(child) && child.expression) found.push(...literalsOf(child.expression));
    else if (!ts.isFunctionLike(child)) ts.forEachChild(child, visit);
  };
  visit(node.body);
  return found;
}

function literalsOf(node: ts.Expression): readonly ts.ObjectLiteralExpression[] {
  if (ts.isParenthesizedExpression(node)) return literalsOf(node.expression);
  if (ts.isConditionalExpression(node)) return [...literalsOf(node.whenTrue), ...literalsOf(node.whenFalse)];
  return ts.isObjectLiteralExpression(node) ? [node] : [];
}
