import { ts } from 'ts-morph';

/** The expression that a file exports by default, if any. */
export function defaultExport(source: ts.SourceFile): ts.Expression | undefined {
  const found = source.statements.find((statement) => ts.isExportAssignment(statement) && !statement.isExportEquals);
  return found && (found as ts.ExportAssignment).expression;
}

/**
 * The node that holds what a path leads to inside an object literal, or the last one above it that can be found:
 * what comes from a variable or a spread is located where that is used.
 *
 * @param part - `'key'`: the name of the last member instead of its value.
 */
export function locateInLiteral(
  start: ts.Expression,
  path: readonly (string | number)[],
  part: 'key' | 'value',
): ts.Node {
  let node: ts.Node = start;
  let key: ts.Node | undefined;
  for (const step of path) {
    const literal = unwrap(node);
    if (ts.isArrayLiteralExpression(literal) && typeof step === 'number' && literal.elements[step]) {
      key = undefined;
      node = literal.elements[step];
    } else {
      const property = ts.isObjectLiteralExpression(literal) ? findProperty(literal, String(step)) : undefined;
      if (!property) return key ?? node;
      key = property.name;
      node = ts.isPropertyAssignment(property) ? property.initializer : (property.name ?? property);
    }
  }
  return part === 'key' ? (key ?? node) : node;
}

function findProperty(literal: ts.ObjectLiteralExpression, name: string): ts.ObjectLiteralElementLike | undefined {
  return literal.properties.find(
    (property) =>
      property.name &&
      !ts.isComputedPropertyName(property.name) &&
      'text' in property.name &&
      property.name.text === name,
  );
}

/** Through parentheses, `as const`, and calls such as `defineConfig(…)`. */
function unwrap(node: ts.Node): ts.Node {
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
    return unwrap(node.expression);
  if (ts.isCallExpression(node) && node.arguments.length === 1) return unwrap(node.arguments[0] as ts.Expression);
  return node;
}
