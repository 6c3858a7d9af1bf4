import { ts } from 'ts-morph';

/**
 * The top-level fields of the event that functions of a detection read, sorted; `undefined` when it cannot be told,
 * because the event is passed on, looked through, or read by a computed name. It may name a field too many, and never
 * one too few.
 *
 * @param nodes - The functions as they stand in the call of `detection`.
 */
export function readFields(nodes: Iterable<ts.Node>): readonly string[] | undefined {
  const fields = new Set<string>();
  for (const node of nodes) {
    const own = fieldsOf(node);
    if (!own) return undefined;
    for (const name of own) fields.add(name);
  }
  return [...fields].sort();
}

function fieldsOf(node: ts.Node): readonly string[] | undefined {
  const callable = callableOf(node);
  if (!callable?.body || callable.parameters.length > 1 || mentions(callable.body, 'arguments')) return undefined;
  const [parameter] = callable.parameters;
  if (!parameter) return [];
  if (parameter.dotDotDotToken || parameter.initializer) return undefined;
  if (ts.isIdentifier(parameter.name)) return fieldsRead(callable.body, parameter.name.text);
  return ts.isObjectBindingPattern(parameter.name) ? fieldsBound(parameter.name) : undefined;
}

function callableOf(node: ts.Node): ts.ArrowFunction | ts.FunctionExpression | ts.MethodDeclaration | undefined {
  if (ts.isMethodDeclaration(node)) return node;
  if (!ts.isPropertyAssignment(node)) return undefined;
  const value = ts.skipPartiallyEmittedExpressions(node.initializer);
  return ts.isArrowFunction(value) || ts.isFunctionExpression(value) ? value : undefined;
}

/** Of `({ actor, client: { ipAddress } })` the names `actor` and `client`. */
function fieldsBound(pattern: ts.ObjectBindingPattern): readonly string[] | undefined {
  const names = pattern.elements.map((element) => {
    const name = element.propertyName ?? element.name;
    return element.dotDotDotToken ? undefined : nameText(name);
  });
  return names.every((name) => name !== undefined) ? names : undefined;
}

function nameText(name: ts.Node): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : undefined;
}

/** Every use of the event must be the reading of one of its fields by name. */
function fieldsRead(body: ts.Node, event: string): readonly string[] | undefined {
  const fields: string[] = [];
  let isKnown = true;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === event && !isOtherName(node)) {
      const field = fieldAt(node);
      if (field === undefined) isKnown = false;
      else fields.push(field);
    }
    ts.forEachChild(node, visit);
  };
  visit(body);
  return isKnown ? fields : undefined;
}

/** The field that is read right after the event: `event.actor`, `event?.actor`, `event['actor']`. */
function fieldAt(event: ts.Identifier): string | undefined {
  const { parent } = event;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === event) return nameText(parent.name);
  if (ts.isElementAccessExpression(parent) && parent.expression === event) {
    return ts.isStringLiteralLike(parent.argumentExpression) ? parent.argumentExpression.text : undefined;
  }
  return undefined;
}

/** A name of something else that is spelt alike: `x.event`, `{ event: 1 }`. */
function isOtherName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
}

function mentions(body: ts.Node, name: string): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    found ||= ts.isIdentifier(node) && node.text === name;
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}
