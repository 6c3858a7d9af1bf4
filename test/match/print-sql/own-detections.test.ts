import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileContent } from '../../../framework/compile/index.ts';
import { compileCondition, printCondition } from '../../../framework/match/index.ts';
import type { Bundle } from '../../../framework/model/bundle.ts';
import type { Detection } from '../../../framework/model/detection.ts';
import type { Event } from '../../../framework/model/event.ts';
import type { LogType } from '../../../framework/model/log-type.ts';
import { getPath, isRecord, removePath, setPath } from '../../../framework/model/path.ts';
import { eventTable } from '../../../framework/model/standard-tables.ts';
import type { OpenLake } from '../../../framework/runtime/lake/index.ts';
import { eventRow, rowEvent } from '../../../framework/runtime/normalise/index.ts';
import { makeDirectory, open } from '../../runtime/lake/lake-directory.ts';
import { writeEvents } from '../../runtime/lake/write-events.ts';
import { eventsOf } from './random-log-type.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

let bundle: Bundle;
beforeAll(async () => {
  bundle = (await compileContent({ root: repository, types: false })).bundle as Bundle;
});

describe("the repository's detections", () => {
  it('match in the lake what they match in the stream, and get the same events', { timeout: 120_000 }, async () => {
    const lake = await open(await makeDirectory());
    for (const logType of bundle.logTypes) {
      const detections = bundle.detections.filter(
        ({ source }) => source.kind === 'events' && source.logTypes.includes(logType.name),
      );
      const events = eventsOf(vary(detections.flatMap(recordsOf), logType), logType);
      expect(events.length).toBeGreaterThan(1_000);
      await store(lake, events, logType);
      await expectSameEvents(lake, events, logType);
      for (const detection of detections) await expectSameMatches(lake, events, logType, detection);
    }
  });
});

async function store(lake: OpenLake, events: readonly Event[], logType: LogType): Promise<void> {
  const table = eventTable(logType);
  lake.registerTables([table]);
  const rows = events.map((event) => eventRow(event, logType));
  await writeEvents(lake, {
    tables: [{ table, rows }],
    commit: { put: [{ space: 'position', key: logType.name, value: 1 }] },
  });
}

/** What TypeScript sees is the whole event, so that it can't tell the two apart either. */
async function expectSameEvents(lake: OpenLake, events: readonly Event[], logType: LogType): Promise<void> {
  const names = eventTable(logType).columns.map(({ name }) => `"${name}"`);
  const rows = await select(lake, names.join(', '), 'true', logType);
  const byId = new Map(rows.map((row) => [row.p_row_id, rowEvent(row, logType)]));
  for (const event of events) expect(byId.get(event.p_row_id)).toStrictEqual(event);
}

async function expectSameMatches(
  lake: OpenLake,
  events: readonly Event[],
  logType: LogType,
  { id, condition }: Detection,
): Promise<void> {
  if (condition === undefined) return;
  const { sql, isExact } = printCondition(condition, logType);
  const rows = await select(lake, 'p_row_id', sql, logType);
  const matches = events.filter(compileCondition(condition)).map((event) => event.p_row_id);
  expect(isExact, id).toBe(true);
  expect(rows.map((row) => row.p_row_id).sort(), id).toEqual(matches.sort());
  expect(matches.length, id).toBeGreaterThan(0);
  expect(matches.length, id).toBeLessThan(events.length);
}

async function select(lake: OpenLake, columns: string, where: string, logType: LogType) {
  const limits = { timeoutMs: 60_000, maxRows: 100_000 };
  const sql = `SELECT ${columns} FROM ${logType.table} WHERE ${where}`;
  const { rows, truncated } = await lake.lake.query(sql, [eventTable(logType)], limits);
  expect(truncated).toBe(false);
  return rows;
}

function recordsOf({ tests }: Detection): readonly unknown[] {
  return tests.flatMap((test) =>
    test.kind === 'event' ? [test.log] : test.steps.flatMap((step) => (step.kind === 'log' ? [step.log] : [])),
  );
}

/** Each record as it is, and with one of its values left out, null, in other case, in a list, or another record's. */
function vary(records: readonly unknown[], logType: LogType): readonly unknown[] {
  const distinct = [...new Set(records.map((record) => JSON.stringify(record)))].map((text) => JSON.parse(text));
  const varied = distinct.flatMap((record, i) => {
    const other: unknown = distinct[(i + 1) % distinct.length];
    return [record, ...leafPaths(record, '').flatMap((path) => varyAt(record, path, other))];
  });
  const id = logType.eventId;
  return id === undefined ? varied : varied.map((record, i) => setPath(record, id, `record ${i}`));
}

function varyAt(record: unknown, path: string, other: unknown): readonly unknown[] {
  const value = getPath(record, path);
  const values = [null, [value], '', getPath(other, path) ?? 7];
  if (typeof value === 'string') values.push(value.toUpperCase(), `${value}x`);
  return [removePath(record, path), ...values.map((replaced) => setPath(record, path, replaced))];
}

function leafPaths(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((element, i) => leafPaths(element, `${path}[${i}]`));
  if (!isRecord(value)) return [path];
  return Object.entries(value).flatMap(([name, inner]) => {
    const step = name.replaceAll(/[.[\]\\]/g, '\\$&');
    return leafPaths(inner, path === '' ? step : `${path}.${step}`);
  });
}
