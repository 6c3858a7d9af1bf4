import { commonFields } from '../../model/common-fields.ts';
import type { Detection } from '../../model/detection.ts';
import type { LogType } from '../../model/log-type.ts';
import type { ScheduledQuery } from '../../model/scheduled-query.ts';
import { contextMembers, docLine, fieldMembers, memberLines, objectType, quote, rowMembers } from './type-text.ts';

const head = `// Written by \`margay types\` from the log types, detections and queries of this repository. Do not edit.
import type { StandardFields } from 'margay';
`;

/**
 * The text of `.margay/types.d.ts`: what `margay` exports as `LogTypes` and `Detections` becomes those of this
 * repository. Sorted; the same content gives the same text.
 *
 * Everything is read-only. Fields of a log are optional and may be null, since any record may lack any field;
 * columns of a query are null unless it is proven that they never are.
 */
export function generateTypes(input: {
  readonly logTypes: readonly LogType[];
  readonly detections: readonly Detection[];
  readonly queries: readonly ScheduledQuery[];
}): string {
  const logTypes = input.logTypes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const detections = input.detections.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const known = new Set(logTypes.map(({ name }) => name));
  const queries = new Map(input.queries.map((query) => [query.id, query]));
  return `${head}
/** The common fields: what log types call differently, by one name. */
interface Udm ${objectType(udmMembers, '')}
${logTypes.map(declareLogType).join('')}
declare module 'margay' {
  interface LogTypes {
${logTypes.map(({ name }) => `    readonly ${quote(name)}: ${interfaceName(name)};\n`).join('')}  }

  interface Detections {
${detections.map((detection) => declareDetection(detection, known, queries)).join('')}  }
}
`;
}

const udmMembers = Object.entries(commonFields).map(([name, description]) => ({
  name,
  type: 'string',
  isOptional: true,
  description,
}));

function declareLogType({ name, description, fields }: LogType): string {
  const members = [{ name: 'udm', type: 'Udm' }, ...fieldMembers(fields, '  ')];
  return `\n${docLine(description, '')}interface ${interfaceName(name)} extends StandardFields<${quote(name)}> ${objectType(members, '')}\n`;
}

/** `Okta.SystemLog` → `Okta_SystemLog`. No two names become the same: they hold no underscores. */
function interfaceName(logType: string): string {
  return logType.replaceAll('.', '_');
}

function declareDetection(
  { id, title, source, context }: Detection,
  known: ReadonlySet<string>,
  queries: ReadonlyMap<string, ScheduledQuery>,
): string {
  const columns = contextMembers(context);
  const members = [
    source.kind === 'events'
      ? { name: 'event', type: eventType(source.logTypes, known) }
      : { name: 'row', type: rowType(queries.get(source.query)) },
    {
      name: 'context',
      type: columns.length > 0 ? objectType(columns, '      ') : '{ readonly [column: string]: never }',
    },
  ];
  return memberLines({ name: id, type: objectType(members, '    '), description: title }, '    ');
}

function eventType(logTypes: readonly string[], known: ReadonlySet<string>): string {
  const names = logTypes.filter((name) => known.has(name)).toSorted();
  return names.length > 0 ? names.map(interfaceName).join(' | ') : 'StandardFields';
}

/** A query with errors has no columns that are known. */
function rowType(query: ScheduledQuery | undefined): string {
  return query && query.columns.length > 0
    ? objectType(rowMembers(query.columns, '      '), '      ')
    : '{ readonly [column: string]: unknown }';
}
