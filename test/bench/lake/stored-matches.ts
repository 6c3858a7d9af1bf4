import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { indicatorFieldNames } from '../../../framework/model/indicators.ts';
import { matchAlertsTable, ruleMatchesTable } from '../../../framework/model/standard-tables.ts';
import type { Table } from '../../../framework/model/table.ts';
import { openLake } from '../../../framework/runtime/lake/index.ts';
import type { Part } from '../../../framework/runtime/lake/part.ts';
import { schemaOf } from '../../../framework/runtime/lake/part-schema.ts';
import { PartWriter } from '../../../framework/runtime/lake/part-writer.ts';
import { partOrder, splitOptions } from '../../../framework/runtime/lake/sql-text.ts';

/** The clock of the generated matches: their last day is the one before. */
export const storedUntilMs = Date.UTC(2026, 0, 31);
export const storedDays = 30;
export const storedDetections = 200;
const dayMs = 86_400_000;
const matchesPerLink = 100;

/**
 * A lake with so many rows in `rule_matches`, evenly over its days and detections, each with the event it came from:
 * merged parts of the documented layout, listed as the lake lists them. Made once, then kept in the system's
 * temporary folder until this file changes.
 *
 * @returns Its directory.
 */
export async function storedMatches(rowCount: number): Promise<string> {
  const directory = join(tmpdir(), `margay-bench-matches-${rowCount}-${generatorDigest()}`);
  if (existsSync(directory)) return directory;
  const draft = `${directory}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  const lake = await openLake({ directory: draft, clock: { now: () => storedUntilMs }, onError: () => {} });
  const writer = await PartWriter.open(draft);
  const parts: Part[] = [];
  const perDay = Math.ceil(rowCount / storedDays);
  for (let day = 0; day < storedDays; day++) {
    const startMs = storedUntilMs - (storedDays - day) * dayMs;
    const count = Math.min(perDay, rowCount - day * perDay);
    const linkCount = Math.floor(count / matchesPerLink);
    parts.push(
      ...(await mergedParts(writer, draft, ruleMatchesTable, startMs, matchRows(day * perDay, count, startMs))),
      ...(await mergedParts(writer, draft, matchAlertsTable, startMs, linkRows(day * perDay, linkCount, startMs))),
    );
  }
  writer.close();
  await lake.state.commit({ put: parts.map((part) => ({ space: 'part', key: part.file, value: part })) });
  await lake.close();
  renameSync(draft, directory);
  return directory;
}

/** What decides what the files hold. */
function generatorDigest(): string {
  const hash = createHash('sha256').update(readFileSync(fileURLToPath(import.meta.url)));
  for (const table of [ruleMatchesTable, matchAlertsTable]) {
    hash.update(JSON.stringify([table.columns, partOrder(table), splitOptions(table, 0)]));
  }
  return hash.digest('hex').slice(0, 12);
}

/** Rows of a day as the lake merges them. */
async function mergedParts(
  writer: PartWriter,
  directory: string,
  table: Table,
  startMs: number,
  rows: string,
): Promise<readonly Part[]> {
  const file = 'drafts/day.parquet';
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '4GB' });
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(`COPY (${rows}) TO '${join(directory, file)}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  const day = new Date(startMs).toISOString().slice(0, 10);
  const origin = { table: table.name, day, lastSequence: startMs / dayMs, schema: schemaOf(table) };
  const rowCount = Number(result.getRows()[0]?.[0]);
  const part = { file, ...origin, rowCount, bytes: statSync(join(directory, file)).size };
  return writer.file(await writer.merge(table, [part]));
}

const indicatorValues: Readonly<Record<string, string>> = {
  p_any_ip_addresses: '[ip]',
  p_any_usernames: '[actor, member]',
  p_any_emails: '[actor, member]',
};
const indicators = indicatorFieldNames
  .map((name) => `${indicatorValues[name] ?? 'NULL::VARCHAR[]'} AS ${name}`)
  .join(', ');

/** Numbered rows: every value follows from the number alone. */
function matchRows(from: number, count: number, startMs: number): string {
  return `
    WITH numbered AS (
      SELECT range + ${from} AS n, hash(range + ${from}) AS h, hash(range + ${from} + 1_000_000_007) AS g,
        make_timestamp(${startMs} * 1000 + (hash(range + ${from} + 77) % ${dayMs})::BIGINT * 1000) AS happened,
        'user' || (hash(range + ${from} + 5) % 20_000) || '@example.com' AS actor,
        'member' || (hash(range + ${from} + 9) % 5_000) || '@example.com' AS member,
        '198.51.' || (hash(range + ${from} + 3) % 256) || '.' || (hash(range + ${from} + 4) % 256) AS ip
      FROM range(${count})
    )
    SELECT 'acme/rule-' || lpad((h % ${storedDetections})::VARCHAR, 3, '0') AS p_rule_id,
      'Something was done to ' || member AS p_rule_title,
      ['low', 'medium', 'high'][1 + (h % 3)::INTEGER] AS p_rule_level,
      ['attack.persistence', 'attack.t1098'] AS p_rule_tags,
      sha256((h % ${storedDetections})::VARCHAR) AS p_rule_version,
      'live' AS p_stage,
      CASE WHEN n % ${matchesPerLink} = 0 THEN NULL ELSE sha256((n // 1000)::VARCHAR)[1:32] END AS p_alert_id,
      member AS p_dedup,
      sha256(n::VARCHAR)[1:32] AS p_match_id,
      happened + INTERVAL 3 SECOND AS p_match_time,
      happened AS p_event_time,
      'Acme.Audit' AS p_log_type,
      sha256('row' || n)[1:32] AS p_row_id,
      ('{"member":"' || member || '","actor":"' || actor || '"}')::JSON AS p_alert_context,
      ('{"eventId":"' || sha256('event' || n) || '","published":"' || happened || '","actor":{"id":"' || h || '","alternateId":"'
        || actor || '","displayName":"Somebody Somewhere","type":"User"},"client":{"ipAddress":"' || ip
        || '","userAgent":{"os":"Windows 11","browser":"CHROME","rawUserAgent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) '
        || 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.' || (g % 9000) || ' Safari/537.36"},"zone":"null",'
        || '"device":"Computer"},"outcome":{"result":"SUCCESS","reason":null},"target":[{"id":"' || g
        || '","type":"User","alternateId":"' || member || '","displayName":"Somebody Else"},{"id":"00g' || (g % 500)
        || '","type":"UserGroup","alternateId":"unknown","displayName":"Some group of people"}],"transaction":{"type":'
        || '"WEB","id":"' || sha256('transaction' || (n // 2))[1:27] || '","detail":{}},"debugContext":{"debugData":{'
        || '"requestId":"' || sha256('request' || n)[1:27] || '","requestUri":"/api/v1/groups/members","url":'
        || '"/api/v1/groups/members?limit=50&after=' || (h % 100_000) || '"}},"severity":"INFO","version":"0"}')::JSON AS p_event,
      ${indicators},
      false AS p_backfilled, n AS margay_seq
    FROM numbered`;
}

function linkRows(from: number, count: number, startMs: number): string {
  return `
    SELECT sha256((${from} + range * ${matchesPerLink})::VARCHAR)[1:32] AS match_id,
      sha256(range::VARCHAR)[1:32] AS alert_id, make_timestamp(${startMs * 1000}) AS linked_at, range AS margay_seq
    FROM range(${count})`;
}
