import type { BaseTable, Join, TableRef } from '../ast/ast.ts';
import type { Report } from '../sql-problem.ts';
import { type GateInner, gateExpression } from './gate-expression.ts';

const tableHint = 'Name a table of the lake, such as rule_matches.';

/** What FROM may not hold, as the parser names it, and how an author knows it. */
const refused: Readonly<Record<string, string>> = {
  TABLE_FUNCTION: 'A table function',
  SHOW_REF: 'DESCRIBE, SUMMARIZE or SHOW',
  EXPRESSION_LIST: 'VALUES',
  PIVOT: 'PIVOT or UNPIVOT',
};

/** What to write instead of a join that is refused. */
const insteadOf: Readonly<Record<string, string>> = {
  NATURAL: 'Write JOIN … ON a.x = b.y.',
  RIGHT: 'Swap the tables and write LEFT JOIN … ON.',
  FULL: 'Write FULL JOIN … ON a.x = b.x, and coalesce(a.x, b.x) for the column.',
  SEMI: 'Write WHERE EXISTS (SELECT …) or x IN (SELECT …).',
  ANTI: 'Write WHERE NOT EXISTS (SELECT …).',
  ASOF: 'Write JOIN … ON with a condition on both times.',
};

/** Refuses what FROM may not hold: functions, files, other schemas, odd joins. */
export function gateFrom(from: TableRef, report: Report, inner: GateInner): void {
  if (from.sample) clause(report, from, 'TABLESAMPLE', 'Leave it out: a sample differs from run to run.');
  switch (from.type) {
    case 'EMPTY':
      return;
    case 'BASE_TABLE':
      gateTable(from, report);
      return;
    case 'SUBQUERY':
      if (from.column_name_alias.length > 0)
        clause(report, from, `Column names after '${from.alias}'`, 'Write AS in its SELECT.');
      inner(from.subquery.node);
      return;
    case 'JOIN':
      gateJoin(from, report, inner);
      return;
    default:
      refuseRef(from, report);
  }
}

function gateTable(ref: BaseTable, report: Report): void {
  if (ref.schema_name !== '' || ref.catalog_name !== '') {
    const written = [ref.catalog_name, ref.schema_name, ref.table_name].filter((part) => part !== '').join('.');
    report.add('SQL_TABLE_REFUSED', ref, `'${written}' names a schema; tables have none.`, `Write ${ref.table_name}.`);
  } else if (!/^\w+$/.test(ref.table_name)) {
    report.add('SQL_TABLE_REFUSED', ref, `'${ref.table_name}' is not a table; files can't be read.`, tableHint);
  } else if (/^(duckdb|pg|sqlite|pragma)_/i.test(ref.table_name)) {
    report.add('SQL_TABLE_REFUSED', ref, `'${ref.table_name}' belongs to the engine, not to the lake.`, tableHint);
  }
  if (ref.at_clause) clause(report, ref, 'AT', 'Leave it out: a query reads one snapshot.');
  if (ref.column_name_alias.length > 0)
    clause(report, ref, `Column names after '${ref.alias}'`, 'Write AS in the SELECT.');
}

function gateJoin(join: Join, report: Report, inner: GateInner): void {
  gateFrom(join.left, report, inner);
  gateFrom(join.right, report, inner);
  if (join.condition) gateExpression(join.condition, report, inner);
  const isFull = join.join_type === 'FULL' && join.condition !== null;
  const isPlain = join.ref_type === 'REGULAR' && (['INNER', 'LEFT'].includes(join.join_type) || isFull);
  if (isPlain || join.ref_type === 'CROSS') return;
  const kind = join.ref_type === 'REGULAR' ? join.join_type : join.ref_type;
  clause(
    report,
    join,
    `${kind === 'FULL' ? 'FULL JOIN … USING' : `${kind} JOIN`}`,
    insteadOf[kind] ?? 'Write JOIN … ON or LEFT JOIN … ON.',
  );
}

function refuseRef(ref: { readonly type: string; readonly query_location?: unknown }, report: Report): void {
  const what = refused[ref.type] ?? `${ref.type.replaceAll('_', ' ')} in FROM`;
  report.add('SQL_TABLE_REFUSED', ref, `${what} can't be read from.`, tableHint);
}

function clause(report: Report, at: TableRef, what: string, instead: string): void {
  report.add('SQL_CLAUSE_REFUSED', at, `${what} is not in the portable subset.`, instead);
}
