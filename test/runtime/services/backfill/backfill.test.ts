import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backfill } from '../../../../framework/model/backfill.ts';
import { openStory, recordsOfTests, type Story } from '../open-story.ts';

const endMs = Date.UTC(2026, 5, 30, 12);
const until = new Date(endMs).toISOString();
const rule = 'okta/mfa-bypass-group-member-added';
const file = `detections/${rule}.yml`;

let story: Story;
beforeEach(async () => {
  story = await openStory();
}, 60_000);
afterEach(() => story.close());

/** Runs a backfill to its end. */
async function backfill(detectionId: string, ask: { days?: number; dryRun?: boolean } = {}): Promise<Backfill> {
  const { client } = story;
  const { backfillId } = await client.startBackfill({ detectionId, days: 60, until, dryRun: false, ...ask });
  return ended(backfillId);
}

async function ended(backfillId: string): Promise<Backfill> {
  for (;;) {
    const found = (await story.client.backfills()).backfills.find((other) => other.backfillId === backfillId);
    if (found && found.status !== 'running') return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function addRecords(daysAgo: readonly number[]): Promise<readonly Record<string, unknown>[]> {
  const { default: add } = await import('../../../../fixtures/okta/group-membership-add.json', {
    with: { type: 'json' },
  });
  return daysAgo.map((days) => ({
    ...add,
    uuid: `add-${days}`,
    published: new Date(endMs - days * 86_400_000).toISOString(),
  }));
}

const own = `FROM rule_matches WHERE p_rule_id = '${rule}'`;

it('makes the founding story of a new detection: history first, then the backfill, then the query fires', async () => {
  await story.publish({ [file]: null, ...(await withoutReaders()) });
  await story.send(await addRecords([20, 10, 1]), 'history');
  expect(await story.query(`SELECT count(*) AS n ${own}`)).toEqual([{ n: 0 }]);
  await story.publish();
  const scheduledAt = until;
  await story.client.startRun('okta/mfa-bypass-adds-by-user', scheduledAt);
  expect((await story.client.alerts({ limit: 10 })).alerts).toEqual([]);

  expect(await backfill(rule)).toMatchObject({ status: 'done', written: 3, known: 0, errors: [] });
  expect((await story.client.alerts({ limit: 10 })).alerts).toEqual([]);
  expect(await story.query(`SELECT p_event_time, p_backfilled, p_alert_id ${own} ORDER BY p_event_time`)).toEqual(
    [20, 10, 1].map((days) => ({
      p_event_time: new Date(endMs - days * 86_400_000).toISOString(),
      p_backfilled: true,
      p_alert_id: null,
    })),
  );
  await story.client.startRun('okta/mfa-bypass-adds-by-user', scheduledAt);
  const { alerts } = await story.client.alerts({ limit: 10 });
  expect(alerts).toMatchObject([{ ruleId: 'okta/mfa-bypass-repeated', level: 'high', dedup: 'bart@example.com' }]);

  // The vendor delivers the events again: they are known.
  await story.send(await addRecords([20, 10, 1]), 'again');
  expect(await story.query(`SELECT count(*) AS n ${own}`)).toEqual([{ n: 3 }]);
  expect((await story.client.alerts({ limit: 10 })).alerts).toHaveLength(1);
  expect(await backfill(rule)).toMatchObject({ status: 'done', written: 0, known: 3 });
  const audit = await story.query("SELECT action, detail ->> 'ruleId' AS rule FROM audit WHERE action = 'backfill'");
  expect(audit).toEqual([
    { action: 'backfill', rule },
    { action: 'backfill', rule },
  ]);
}, 120_000);

it('writes for each detection the match ids of the stream', async () => {
  const { bundle } = await story.compile();
  const events = bundle.detections.filter(({ source }) => source.kind === 'events');
  const records = recordsOfTests(bundle, endMs);
  const ids =
    'SELECT p_rule_id, p_match_id, p_event_time, p_dedup, p_alert_context, p_event FROM rule_matches ORDER BY p_match_id';
  await story.publish();
  await story.send(records);
  const streamed = withoutParseTime(await story.query(ids));
  expect(streamed.length).toBeGreaterThan(events.length);
  await story.close();

  story = await openStory();
  await story.publish(await offContent(events.map(({ id }) => id)));
  await story.send(records);
  expect(await story.query(ids)).toEqual([]);
  await story.publish();
  // They lie within a few days; a match that a window left out would be missing below.
  for (const { id } of events)
    expect(await backfill(id, { days: 7, dryRun: true })).toMatchObject({ status: 'done', isDryRun: true });
  expect(await story.query(ids)).toEqual([]);
  for (const { id } of events) expect(await backfill(id, { days: 7 })).toMatchObject({ status: 'done' });
  expect(withoutParseTime(await story.query(ids))).toEqual(streamed);
  expect((await story.client.deliveries({ limit: 10 })).deliveries).toEqual([]);
}, 240_000);

describe('a backfill that ends before its time', () => {
  it('goes on after a restart of the runtime', async () => {
    await story.publish({ [file]: null, ...(await withoutReaders()) });
    await story.send(await addRecords([50, 40, 30, 20, 10, 1]));
    await story.publish();
    const { backfillId } = await story.client.startBackfill({ detectionId: rule, days: 60, until, dryRun: false });
    await story.restart();
    expect(await ended(backfillId)).toMatchObject({
      status: 'done',
      written: 6,
      known: 0,
      days: { done: 61, total: 61 },
    });
    expect(await story.query(`SELECT count(*) AS n, count(DISTINCT p_match_id) AS ids ${own}`)).toEqual([
      { n: 6, ids: 6 },
    ]);
  }, 120_000);

  it('stopped by hand goes on when it is asked for again', async () => {
    await story.publish({ [file]: null, ...(await withoutReaders()) });
    await story.send(await addRecords([50, 40, 30, 20, 10, 1]));
    await story.publish();
    const ask = { detectionId: rule, days: 60, until, dryRun: false };
    const { backfillId } = await story.client.startBackfill(ask);
    expect(await story.client.stopBackfill(backfillId)).toMatchObject({ status: 'stopped' });
    const { rows: stops } = await story.client.query(
      "SELECT actor, detail FROM audit WHERE action = 'stop_backfill'",
      9,
    );
    expect(stops).toMatchObject([{ actor: 'api 127.0.0.1', detail: { backfillId } }]);
    expect((await story.client.startBackfill(ask)).backfillId).toBe(backfillId);
    expect(await ended(backfillId)).toMatchObject({ status: 'done', written: 6, known: 0 });
  }, 120_000);

  it('because its detection changed says so', async () => {
    await story.publish();
    await story.send(await addRecords([10]));
    const { backfillId } = await story.client.startBackfill({ detectionId: rule, days: 400, until, dryRun: false });
    await story.client.stopBackfill(backfillId);
    const text = (await fileText(file)).replace('Bypass MFA }', 'Bypass }');
    await story.publish({ [file]: text.slice(0, text.indexOf('tests:')), ...(await withoutReaders()) });
    await story.restart();
    const { backfills } = await story.client.backfills();
    expect(backfills).toMatchObject([{ backfillId, status: 'stopped' }]);
  }, 120_000);
});

it('what has no matches over events is refused', async () => {
  const start = (detectionId: string) => story.client.startBackfill({ detectionId, days: 30, dryRun: false });
  await expect(start(rule)).rejects.toMatchObject({ code: 'API_DETECTION_UNKNOWN' });
  await story.publish();
  await expect(start('okta/mfa-bypass-repeated')).rejects.toMatchObject({ code: 'API_BACKTEST_REFUSED' });
  await expect(story.client.stopBackfill('none')).rejects.toMatchObject({ code: 'API_BACKFILL_UNKNOWN' });
}, 60_000);

/** Rows of matches without when their events came in, which is another time in another runtime. */
function withoutParseTime(rows: readonly Readonly<Record<string, unknown>>[]): readonly unknown[] {
  return rows.map((row) => {
    const { p_parse_time: _, ...event } = row.p_event as Record<string, unknown>;
    return { ...row, p_event: event };
  });
}

/** The content without what reads the matches of the detection. */
async function withoutReaders(): Promise<Record<string, null>> {
  return {
    'detections/okta/mfa-bypass-repeated.yml': null,
    'scheduled-queries/okta/mfa-bypass-adds-by-user.yml': null,
  };
}

/** The content with some detections off. */
async function offContent(ids: readonly string[]): Promise<Record<string, string>> {
  const texts = await Promise.all(
    ids.map(async (id) => [`detections/${id}.yml`, `mode: off\n${await fileText(`detections/${id}.yml`)}`]),
  );
  return Object.fromEntries(texts);
}

async function fileText(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(new URL(`../../../../${path}`, import.meta.url), 'utf8');
}
