import { MargayError } from '../../model/margay-error.ts';
import { quoteText } from '../../model/quote-sql.ts';
import type { RuntimeClient } from '../client.ts';

/** Records that were accepted and then became no event, by reason. */
export interface DeadLetterCount {
  /** An error code. */
  readonly code: string;
  readonly count: number;
  /** The reason of one of them. */
  readonly example: string;
}

const keysPerQuery = 200;
const maxRows = 1_000;

/**
 * What became of the records of batches that could not be read. `undefined` when the runtime does not tell: it is
 * behind, or its answer is none.
 */
export async function findDeadLetters(
  client: Pick<RuntimeClient, 'query'>,
  batchKeys: readonly string[],
): Promise<readonly DeadLetterCount[] | undefined> {
  const byCode = new Map<string, DeadLetterCount>();
  for (let i = 0; i < batchKeys.length; i += keysPerQuery) {
    const rows = await queryCounts(client, batchKeys.slice(i, i + keysPerQuery));
    if (!rows) return undefined;
    for (const { code, count, example } of rows) {
      byCode.set(code, { code, count: (byCode.get(code)?.count ?? 0) + count, example });
    }
  }
  return [...byCode.values()];
}

async function queryCounts(
  client: Pick<RuntimeClient, 'query'>,
  keys: readonly string[],
): Promise<readonly DeadLetterCount[] | undefined> {
  const list = keys.map(quoteText).join(', ');
  const sql = `SELECT code, count(*) AS n, min(reason) AS example FROM dead_letters WHERE batch_key IN (${list})
    GROUP BY code ORDER BY code NULLS LAST`;
  try {
    const { rows } = await client.query(sql, maxRows);
    if (!Array.isArray(rows)) return undefined;
    return rows.map((row) => ({ code: String(row.code), count: Number(row.n), example: String(row.example) }));
  } catch (error) {
    if (error instanceof MargayError) return undefined;
    throw error;
  }
}
