import type { ReadBoundsByTable } from '../../model/read-bounds.ts';
import type { Table } from '../../model/table.ts';
import type { QueryNode } from '../ast/ast.ts';
import { readBounds } from '../bounds/read-bounds.ts';
import { parseGated } from '../gate/parse-gated.ts';
import { sqlOf } from '../parse/serialize-sql.ts';
import { bindNames } from '../scope/bind-query.ts';
import { createReport } from '../sql-problem.ts';
import { foldCounts, foldLists, foldTime } from './fold-ast.ts';
import { hideShadow } from './hide-shadow.ts';

/** An authored query at one time. */
export interface FoldedQuery {
  /** As DuckDB runs it. */
  readonly sql: string;
  /** What it can see of its tables. */
  readonly bounds: ReadBoundsByTable;
  /** The tables that were given, as it sees them: without what shadow detections recorded, unless it asks for that. */
  readonly tables: readonly Table[];
}

/**
 * The DuckDB SQL of an authored query at one time: `p_occurs_since('30 days')` becomes the half-open interval
 * [now − 30 days, now), `p_current_timestamp()` a constant, `list_at` and `count_if` what DuckDB has for them.
 *
 * @param sql - A query that {@link checkQuery} finds no error in.
 * @param tables - Those that it reads, at least.
 * @param nowMs - The SQL clock: of a scheduled run its scheduled time. Milliseconds since the epoch.
 * @throws the first error of the gate when the text is not one SELECT of the subset.
 */
export async function foldClock(sql: string, tables: readonly Table[], nowMs: number): Promise<FoldedQuery> {
  const node = foldTime(await parseGated(sql), nowMs);
  const unheard = createReport((bytes) => bytes);
  const bindings = bindNames(node, tables, unheard);
  return { sql: await operatorsSql(node), bounds: readBounds(bindings), tables: hideShadow(tables, bindings) };
}

/** The text alone of {@link foldClock}, of a query that is parsed already. */
export function foldedSql(node: QueryNode, nowMs: number): Promise<string> {
  return operatorsSql(foldTime(node, nowMs));
}

function operatorsSql(node: QueryNode): Promise<string> {
  return sqlOf(foldCounts(foldLists(node)));
}
