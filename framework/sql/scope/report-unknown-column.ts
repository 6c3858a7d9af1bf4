import { suggest } from '../../model/suggest.ts';
import type { ColumnRef } from '../ast/ast.ts';
import type { Report } from '../sql-problem.ts';
import type { BoundColumn, Scope, Source } from './bound.ts';
import { columnOf, reachableSources } from './look-up.ts';

/** Says what a name was taken for, and what was probably meant. */
export function reportUnknownColumn(
  ref: ColumnRef,
  scope: Scope,
  report: Report,
  explain: (name: string) => string | undefined,
): void {
  const sources = reachableSources(scope);
  // The columns of an unknown table are unknown too; the table has been reported.
  if (sources.some((source) => !source.isKnown)) return;
  const [first = '', ...rest] = ref.column_names;
  const source = rest.length > 0 ? sources.find((one) => one.name.toLowerCase() === first.toLowerCase()) : undefined;
  const [name = '', ...fields] = source === undefined ? ref.column_names : rest;
  const among = source === undefined ? sources : [source];
  const column = among.map((one) => columnOf(one, name)).find((one) => one !== undefined);
  if (column !== undefined) {
    reportField(ref, column, fields, report);
  } else if (fields.length > 0 && source === undefined) {
    const known = sources.map((one) => one.name);
    const message = `'${first}' of '${ref.column_names.join('.')}' is not a table in FROM.`;
    report.add('SQL_TABLE_UNKNOWN', ref, message, suggest(first, known));
  } else {
    const where = among.map(describeSource).join(', ') || 'a SELECT without FROM';
    const message = `There is no column '${ref.column_names.join('.')}' in ${where}.`;
    report.add('SQL_COLUMN_UNKNOWN', ref, message, explain(name) ?? suggestColumn(name, among));
  }
}

function reportField(ref: ColumnRef, column: BoundColumn, fields: readonly string[], report: Report): void {
  const field = fields.join('.');
  const hint =
    column.type === 'JSON'
      ? `${column.name} is JSON: write ${column.name}->>'$.${field}'.`
      : suggest(field, column.fields ?? []);
  report.add('SQL_COLUMN_UNKNOWN', ref, `'${column.name}' has no field '${field}'.`, hint);
}

function suggestColumn(name: string, sources: readonly Source[]): string | undefined {
  const columns = sources.flatMap((source) => source.columns);
  const inStruct = columns.find((column) => column.fields?.some((field) => field.toLowerCase() === name.toLowerCase()));
  if (inStruct !== undefined) return `Write ${inStruct.name}.${name}.`;
  return suggest(
    name,
    columns.map((column) => column.name),
  );
}

function describeSource({ name, use }: Source): string {
  if (use === undefined) return name || 'the subquery';
  return use.table.name === name ? name : `${use.table.name} (${name})`;
}
