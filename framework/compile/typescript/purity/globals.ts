import { ts } from 'ts-morph';
import { nearest } from '../../../model/suggest.ts';
import { type AllowedGlobal, allowedGlobals, insteadOf } from './allowed-globals.ts';
import { declarationOf, isReference, type LintContext } from './lint-context.ts';

/** Members that `nondeterminism.ts` reports, with a better reason. */
const reportedElsewhere = new Set(['Date.now', 'Math.random']);

/** Content uses the globals on the list, in the ways the list says. */
export function lintGlobals(node: ts.Node, context: LintContext): void {
  if (!isReference(node) || node.text === 'arguments') return;
  const allowed = allowedGlobals.get(node.text);
  if (declarationOf(node, context.checker)) return;
  if (!allowed) reportUnknown(node, context);
  else lintUse(node, allowed, context);
}

function reportUnknown(node: ts.Identifier, context: LintContext): void {
  const similar = nearest(node.text, allowedGlobals.keys());
  const instead = Object.hasOwn(insteadOf, node.text) ? insteadOf[node.text] : undefined;
  context.report(
    'COMPILE_GLOBAL_FORBIDDEN',
    node,
    `'${node.text}' is neither declared here nor a global that content may use.`,
    instead ?? (similar === undefined ? 'Declare or import it.' : `Did you mean '${similar}'?`),
  );
}

function lintUse(node: ts.Identifier, allowed: AllowedGlobal, context: LintContext): void {
  const parent = node.parent;
  const name = node.text;
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) {
    const member = memberName(parent);
    if (member !== undefined && (allowed.members?.includes(member) || reportedElsewhere.has(`${name}.${member}`)))
      return;
    const similar = member === undefined ? undefined : nearest(member, allowed.members ?? []);
    context.report(
      'COMPILE_GLOBAL_FORBIDDEN',
      parent,
      `\`${parent.getText()}\` is not for content.`,
      similar === undefined ? membersHint(name, allowed) : `Did you mean \`${name}.${similar}\`?`,
    );
    return;
  }
  const isCallee = (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression === node;
  // `Date()` is reported as the clock that it is.
  if (isCallee && name === 'Date') return;
  const fine = isCallee ? (ts.isNewExpression(parent) ? allowed.construct : allowed.call) : allowed.asValue;
  if (fine) return;
  const use = isCallee ? (ts.isNewExpression(parent) ? 'constructed' : 'called') : 'passed on';
  context.report('COMPILE_GLOBAL_FORBIDDEN', node, `'${name}' cannot be ${use} here.`, membersHint(name, allowed));
}

function memberName(access: ts.PropertyAccessExpression | ts.ElementAccessExpression): string | undefined {
  if (ts.isPropertyAccessExpression(access)) return access.name.text;
  return ts.isStringLiteralLike(access.argumentExpression) ? access.argumentExpression.text : undefined;
}

function membersHint(name: string, allowed: AllowedGlobal): string | undefined {
  return allowed.members && `Allowed: ${allowed.members.map((member) => `${name}.${member}`).join(', ')}.`;
}
