import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { LogType } from '../../../framework/model/log-type.ts';
import { eventTable } from '../../../framework/model/standard-tables.ts';
import { openLake } from '../../../framework/runtime/lake/index.ts';
import { schemaOf } from '../../../framework/runtime/lake/part-schema.ts';
import { copyOptions } from '../../../framework/runtime/lake/sql-text.ts';

/** Generated Okta events in a lake: a data folder that a runtime can be started over. */
export interface OktaHistory {
  readonly directory: string;
  readonly bytes: number;
}

/** The days of the history end here. */
export const historyEndMs = Date.UTC(2026, 5, 30);

const dayMs = 86_400_000;
const days = 30;

/**
 * A lake with so many events of about 1.2 KB over 30 days, one in a hundred of which is a failed sign-in. Made once
 * by DuckDB, in the layout of the lake, and kept in the system's temporary folder under the digest of what made it.
 */
export async function oktaHistory(logType: LogType, eventCount: number): Promise<OktaHistory> {
  const digest = createHash('sha256')
    .update(rowsSql(logType, 0, eventCount, historyEndMs))
    .update(copyOptions(eventTable(logType)))
    .update(schemaOf(eventTable(logType)))
    .digest('hex');
  const directory = join(tmpdir(), `margay-bench-history-${digest.slice(0, 16)}`);
  if (!existsSync(directory)) {
    const draft = `${directory}.${process.pid}`;
    await writeHistory(logType, eventCount, draft);
    renameSync(draft, directory);
  }
  const bytes = partsOf(eventTable(logType).name, eventCount).reduce(
    (sum, { file }) => sum + statSync(join(directory, 'lake', file)).size,
    0,
  );
  return { directory, bytes };
}

async function writeHistory(logType: LogType, eventCount: number, directory: string): Promise<void> {
  const table = eventTable(logType);
  const lakeFolder = join(directory, 'lake');
  rmSync(directory, { recursive: true, force: true });
  // Opened first: it would sweep away files that no manifest entry names.
  const lake = await openLake({ directory: lakeFolder, clock: { now: () => historyEndMs } });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  const parts = partsOf(table.name, eventCount);
  for (const { file, firstRow, rowCount, startMs } of parts) {
    const path = join(lakeFolder, file);
    mkdirSync(dirname(path), { recursive: true });
    await connection.run(
      `COPY (${rowsSql(logType, firstRow, rowCount, startMs)}) TO '${path}' (${copyOptions(table)})`,
    );
  }
  connection.closeSync();
  instance.closeSync();
  const put = parts.map(({ file, firstRow, rowCount, day }) => ({
    space: 'part' as const,
    key: file,
    value: {
      ...{ file, table: table.name, day, rowCount, schema: schemaOf(table) },
      bytes: statSync(join(lakeFolder, file)).size,
      lastSequence: firstRow + rowCount,
    },
  }));
  await lake.state.commit({ put });
  await lake.close();
}

function partsOf(table: string, eventCount: number) {
  const rowCount = Math.floor(eventCount / days);
  return Array.from({ length: days }, (_, index) => {
    const startMs = historyEndMs - (days - index) * dayMs;
    const day = new Date(startMs).toISOString().slice(0, 10);
    return { file: `parts/${table}/${day}-bench.parquet`, firstRow: index * rowCount, rowCount, startMs, day };
  });
}

/** The rows of one day, in the order of their times; the same on every machine. */
function rowsSql(logType: LogType, firstRow: number, rowCount: number, startMs: number): string {
  const values: Readonly<Record<string, string>> = {
    p_log_type: `'${logType.name}'`,
    p_event_time: 't',
    p_parse_time: "t + INTERVAL '2 seconds'",
    p_row_id: 'md5(i::VARCHAR)',
    p_source: "'bench'",
    p_any_ip_addresses: '[ip]',
    p_any_usernames: '[login]',
    p_any_emails: '[login]',
    p_any_domain_names: "['example.org']",
    p_any_trace_ids: '[request]',
    p_any_actor_ids: '[actor_id]',
    uuid: `substr(md5(i::VARCHAR || 'u'), 1, 32)`,
    published: 't',
    eventType: 'event_type',
    version: "'0'",
    severity: "CASE WHEN failed THEN 'WARN' ELSE 'INFO' END",
    displayMessage: "CASE WHEN is_add THEN 'Add user to group membership' ELSE 'User login to Okta' END",
    actor: `format('{{"id":"{}","type":"User","alternateId":"{}","displayName":"{}"}}', actor_id, login, 'user' || who)`,
    client: `format('{{"ipAddress":"{}","device":"Computer","zone":"OfficeDelft","userAgent":{{"rawUserAgent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/{}.0.0.0","os":"Mac OS 14.7.1 (Sonoma)","browser":"CHROME"}},"geographicalContext":{{"city":"{}","country":"{}","postalCode":"{}","geolocation":{{"lat":{},"lon":4.3556}}}}}}', ip, 120 + h3 % 12, city, country, 1000 + h4 % 9000, h5 % 90)`,
    outcome: `CASE WHEN failed THEN '{"result":"FAILURE","reason":"INVALID_CREDENTIALS"}' ELSE '{"result":"SUCCESS"}' END`,
    target: `CASE WHEN is_add THEN format('[{{"id":"00u{}","type":"User","alternateId":"{}","displayName":"{}"}},{{"id":"00g{}","type":"UserGroup","displayName":"Sales"}}]', substr(md5(login), 1, 17), login, login, substr(md5(city), 1, 17)) ELSE '[{"id":"0oaoTaMmyGGGwBtPOjPY","type":"AppInstance","displayName":"Okta Dashboard"}]' END`,
    transaction: `format('{{"type":"WEB","id":"{}","detail":{{}}}}', request)`,
    debugContext: `format('{{"debugData":{{"requestId":"{}","requestUri":"/idp/idx/identify","risk":"{{level=LOW}}"}}}}', request)`,
    authenticationContext: `format('{{"authenticationStep":0,"rootSessionId":"{}"}}', substr(md5(i::VARCHAR || 's'), 1, 21))`,
    securityContext: `'{"asNumber":64500,"asOrg":"example network","domain":"example.org","isProxy":false}'`,
  };
  const udm: Readonly<Record<string, string>> = {
    actor_user: 'login',
    actor_id: 'actor_id',
    event_type: 'event_type',
    source_ip: 'ip',
  };
  const columns = eventTable(logType).columns.map(({ name, type, fields = [] }) => {
    if (type !== 'STRUCT') return `(${values[name] ?? 'NULL'})::${type} AS "${name}"`;
    return `{${fields.map((field) => `'${field}': ${udm[field] ?? 'NULL::VARCHAR'}`).join(', ')}} AS "${name}"`;
  });
  const start = new Date(startMs).toISOString().slice(0, 10);
  const stepMicros = Math.floor((dayMs * 1_000) / rowCount);
  return `
    WITH dice AS (
      SELECT i, TIMESTAMP '${start}' + to_microseconds((i - ${firstRow}) * ${stepMicros}) AS t,
        hash(i + 1) AS h1, hash(i * 3 + 2) AS h2, hash(i * 5 + 3) AS h3, hash(i * 7 + 4) AS h4, hash(i * 11 + 5) AS h5
      FROM range(${firstRow}, ${firstRow + rowCount}) AS r(i)
    ), drawn AS (
      SELECT *, h1 % 100 = 0 AS failed, h1 % 100 > 92 AS is_add, h2 % 4000 AS who,
        'user' || (h2 % 4000) || '@example.com' AS login,
        '198.51.' || (100 + h3 % 2) || '.' || (h4 % 250) AS ip,
        '00u' || substr(md5((h2 % 4000)::VARCHAR), 1, 17) AS actor_id,
        substr(md5(i::VARCHAR || 'r'), 1, 24) AS request,
        ['Delft', 'Leuven', 'Porto', 'Turku', 'Graz', 'Aarhus'][1 + (h4 % 6)::INT] AS city,
        ['Netherlands', 'Belgium', 'Portugal', 'Finland', 'Austria', 'Denmark'][1 + (h5 % 6)::INT] AS country
      FROM dice
    ), named AS (
      SELECT *, CASE WHEN is_add THEN 'group.user_membership.add' ELSE 'user.session.start' END AS event_type FROM drawn
    )
    SELECT ${columns.join(',\n      ')}, i AS margay_seq FROM named ORDER BY t`;
}
