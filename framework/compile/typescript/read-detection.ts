import { ts } from 'ts-morph';
import { type DetectionFunction, detectionFunctions } from '../../model/detection.ts';
import type { ErrorCode } from '../../model/error-codes.ts';
import type { Problem } from '../../model/margay-error.ts';
import { suggest } from '../../model/suggest.ts';
import { whereOf } from './read-source.ts';

/** A detection's file, read without running it. */
export interface DetectionSyntax {
  /** The functions, in the order of `detectionFunctions`. */
  readonly functions: readonly DetectionFunction[];
  /** Where each is defined. */
  readonly nodes: ReadonlyMap<string, ts.Node>;
  readonly problems: readonly Problem[];
}

type Report = (code: ErrorCode, node: ts.Node, message: string, hint?: string) => void;

/**
 * Reads `export default detection<'id'>({ … })`: which functions there are, and whether the id is that of the
 * file. The functions stand in the call itself, so that a reader, and this, knows them without running anything.
 */
export function readDetection(root: string, source: ts.SourceFile, id: string): DetectionSyntax {
  const problems: Problem[] = [];
  const report: Report = (code, node, message, hint) => {
    problems.push({ code, message, where: whereOf(root, node), hint, severity: 'error' });
  };
  const call = findCall(source, id, report);
  const nodes = new Map<string, ts.Node>();
  if (call) {
    checkId(call, id, report);
    const [functions] = call.arguments;
    if (functions && ts.isObjectLiteralExpression(functions)) {
      for (const property of functions.properties) readFunction(property, nodes, report);
    } else {
      report(
        'COMPILE_DETECTION_EXPORT',
        functions ?? call,
        'The functions of a detection stand in the call itself.',
        shape(id),
      );
    }
  }
  return { functions: detectionFunctions.filter((name) => nodes.has(name)), nodes, problems };
}

function findCall(source: ts.SourceFile, id: string, report: Report): ts.CallExpression | undefined {
  const exported = source.statements.find((statement) => ts.isExportAssignment(statement) && !statement.isExportEquals);
  const call = exported && (exported as ts.ExportAssignment).expression;
  if (
    call &&
    ts.isCallExpression(call) &&
    ts.isIdentifier(call.expression) &&
    isDetection(source, call.expression.text)
  )
    return call;
  const found = call ? 'The default export is something else' : 'There is no default export';
  report(
    'COMPILE_DETECTION_EXPORT',
    call ?? source,
    `${found}; a call of \`detection\` from margay was expected.`,
    shape(id),
  );
  return undefined;
}

/** Whether a name is that of `detection` as imported from margay. */
function isDetection(source: ts.SourceFile, name: string): boolean {
  return source.statements.some(
    (statement) =>
      ts.isImportDeclaration(statement) &&
      ts.isStringLiteral(statement.moduleSpecifier) &&
      statement.moduleSpecifier.text === 'margay' &&
      statement.importClause?.namedBindings !== undefined &&
      ts.isNamedImports(statement.importClause.namedBindings) &&
      statement.importClause.namedBindings.elements.some(
        (element) => element.name.text === name && (element.propertyName ?? element.name).text === 'detection',
      ),
  );
}

function checkId(call: ts.CallExpression, id: string, report: Report): void {
  const [argument] = call.typeArguments ?? [];
  const text =
    argument && ts.isLiteralTypeNode(argument) && ts.isStringLiteral(argument.literal)
      ? argument.literal.text
      : undefined;
  if (text === id) return;
  const found = argument ? `\`${argument.getText()}\`` : 'missing';
  report(
    'COMPILE_DETECTION_ID',
    argument ?? call,
    `The type argument of \`detection\` is the id of its file, '${id}', and here it is ${found}.`,
    argument ? `Did you mean '${id}'?` : `Write \`detection<'${id}'>(…)\`.`,
  );
}

function readFunction(property: ts.ObjectLiteralElementLike, nodes: Map<string, ts.Node>, report: Report): void {
  const name =
    property.name && (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name))
      ? property.name.text
      : undefined;
  if (name === undefined || ts.isAccessor(property)) {
    const what = ts.isSpreadAssignment(property) ? 'A spread hides' : 'A computed name or an accessor hides';
    report(
      'COMPILE_FUNCTION_INVALID',
      property,
      `${what} which functions this detection has.`,
      'Write each as `name: (event) => …`.',
    );
  } else if (!(detectionFunctions as readonly string[]).includes(name)) {
    report(
      'COMPILE_FUNCTION_UNKNOWN',
      property,
      `'${name}' is no function of a detection.`,
      suggest(name, detectionFunctions),
    );
  } else {
    nodes.set(name, property);
  }
}

function shape(id: string): string {
  return `Write \`export default detection<'${id}'>({ rule: (event) => … });\`.`;
}
