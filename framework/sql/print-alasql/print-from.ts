import type { Expression, Join, TableRef } from '../ast/ast.ts';
import type { Bindings, BoundQuery, Source } from '../scope/bound.ts';
import { columnOf } from '../scope/look-up.ts';
import { requireAlike } from './expressions/print-comparison.ts';
import { call } from './print-context.ts';
import { type JoinSide, printFullJoin } from './print-full-join.ts';
import type { PrintedFrom } from './printed-from.ts';
import { quoteName } from './quote.ts';
import { Unproven } from './unproven.ts';

/** What FROM needs of the printers around it. */
export interface FromPrinters {
  readonly bindings: Bindings;
  readonly subquery: (query: BoundQuery) => string;
  readonly cte: (query: BoundQuery) => string;
  /** An ON condition, which may name the columns of the sources before it. */
  readonly condition: (expression: Expression, column: PrintedFrom['column']) => string;
}

/** A CTE is printed at each use: CTEs that use each other twice would double the text each time. */
const maxLength = 100_000;

/** Prints a FROM clause. Sources are named t1, t2, … whatever the author called them. */
export function printFrom(from: TableRef, printers: FromPrinters): PrintedFrom {
  const names = new Map<string, { readonly name: string; readonly source: Source }>();
  const column = (source: Source, name: string) => {
    const known = names.get(source.name.toLowerCase());
    if (known === undefined) throw new Unproven(`'${source.name}' is out of reach`);
    return `${known.name}.${columnName(known.source, name)}`;
  };
  const side = (ref: TableRef): JoinSide => {
    const source = printers.bindings.sources.get(ref);
    if (source === undefined) throw new Unproven('a table is unknown');
    const name = quoteName(`t${names.size + 1}`);
    names.set(source.name.toLowerCase(), { name, source });
    const rows = printSource(ref, source, printers);
    if (rows.length > maxLength)
      throw new Unproven('it grows too long, because alasql is given each CTE where it is used');
    return { source, rows, name, columnName: (one) => columnName(source, one) };
  };
  const item = (ref: TableRef): string => {
    const { rows, name } = side(ref);
    return `${rows} AS ${name}`;
  };
  const clause = (ref: TableRef): string => {
    if (ref.type !== 'JOIN') return item(ref);
    if (ref.right.type === 'JOIN') throw new Unproven('it joins tables in parentheses');
    if (ref.join_type === 'FULL') throw new Unproven('it has a FULL JOIN among other joins');
    const left = clause(ref.left);
    const before = [...names.values()].map((one) => one.source);
    const right = item(ref.right);
    const word = ref.join_type === 'LEFT' ? 'LEFT JOIN' : 'INNER JOIN';
    const condition = ref.condition
      ? printers.condition(ref.condition, column)
      : printUsing(ref, before, printers.bindings.sources.get(ref.right), column);
    return `${left} ${word} ${right} ON ${condition}`;
  };
  if (from.type === 'JOIN' && from.join_type === 'FULL') {
    if (from.left.type === 'JOIN' || from.right.type === 'JOIN' || from.condition === null)
      throw new Unproven('it has a FULL JOIN among other joins');
    const sides = [side(from.left), side(from.right)] as const;
    return printFullJoin(sides, printers.condition(from.condition, column));
  }
  return { text: from.type === 'EMPTY' ? '' : ` FROM ${clause(from)}`, column };
}

function printSource(ref: TableRef, source: Source, printers: FromPrinters): string {
  if (source.query === undefined) return quoteName(source.use?.table.name ?? '');
  return `(${ref.type === 'BASE_TABLE' ? printers.cte(source.query) : printers.subquery(source.query)})`;
}

/** `USING (a, b)`: equal to the first column of that name on the left; `TRUE` for a cross join. */
function printUsing(
  join: Join,
  before: readonly Source[],
  right: Source | undefined,
  column: PrintedFrom['column'],
): string {
  const terms = join.using_columns.map((name) => {
    const left = before.find((source) => columnOf(source, name) !== undefined);
    const pair = [left, right].map((source) => (source === undefined ? undefined : columnOf(source, name)));
    requireAlike(pair.map((one) => one?.type ?? 'OTHER'));
    const texts = [left, right].map((source, index) => column(source as Source, pair[index]?.name as string));
    return call('m_eq', ...texts);
  });
  return terms.length === 0 ? 'TRUE' : call('m_and', ...terms);
}

/** Declared tables keep their names; subqueries are printed with o1, o2, … */
function columnName(source: Source, name: string): string {
  if (source.query === undefined) return quoteName(name);
  const index = source.query.outputs.findIndex((output) => output.name === name);
  return quoteName(`o${index + 1}`);
}
