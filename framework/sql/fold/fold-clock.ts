import type { QueryNode } from '../ast/ast.ts';
import { parseGated } from '../gate/parse-gated.ts';
import { sqlOf } from '../parse/serialize-sql.ts';
import { foldCounts, foldLists, foldTime } from './fold-ast.ts';

/**
 * The DuckDB SQL of an authored query at one time: `p_occurs_since('30 days')` becomes the half-open interval
 * [now − 30 days, now), `p_current_timestamp()` a constant, `list_at` and `count_if` what DuckDB has for them.
 *
 * @param sql - A query that {@link checkQuery} finds no error in.
 * @param nowMs - The SQL clock: of a scheduled run its scheduled time. Milliseconds since the epoch.
 * @throws the first error of the gate when the text is not one SELECT of the subset.
 */
export async function foldClock(sql: string, nowMs: number): Promise<string> {
  return foldedSql(await parseGated(sql), nowMs);
}

/** As {@link foldClock}, of a query that is parsed already. */
export function foldedSql(node: QueryNode, nowMs: number): Promise<string> {
  return sqlOf(foldCounts(foldLists(foldTime(node, nowMs))));
}
