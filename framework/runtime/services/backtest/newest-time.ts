import type { Lake } from '../../../model/lake.ts';
import type { Table } from '../../../model/table.ts';

const timeoutMs = 60_000;

/**
 * The end of what the lake holds: just after the last event came in, in milliseconds; 0 for a lake without events. A
 * window that ends there gives the same figures until more comes in.
 */
export async function newestTime(lake: Lake, tables: readonly Table[], signal: AbortSignal): Promise<number> {
  if (tables.length === 0) return 0;
  const each = tables.map(({ name }) => `SELECT max(p_parse_time) AS t FROM "${name}"`);
  const sql = `SELECT max(t) AS t FROM (${each.join(' UNION ALL ')})`;
  const { rows } = await lake.query(sql, tables, { timeoutMs, maxRows: 1, lane: 'batch' }, signal);
  const newest = rows[0]?.t;
  return typeof newest === 'string' ? Date.parse(newest) + 1 : 0;
}
