import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BacktestReport, Comparison } from '../../../../framework/model/backtest.ts';
import type { ContentChanges } from '../../../copy-content.ts';
import { openStory, type Story } from '../open-story.ts';

const endMs = Date.UTC(2026, 5, 30, 12);
const until = new Date(endMs).toISOString();
const days = 2;
const hourMs = 3_600_000;

const added = 'okta/mfa-bypass-group-member-added';
const repeated = 'okta/mfa-bypass-repeated';
const byUser = 'okta/mfa-bypass-adds-by-user';

let story: Story;
beforeEach(async () => {
  story = await openStory();
}, 60_000);
afterEach(() => story.close());

async function backtest(detectionId: string, changes: ContentChanges = {}): Promise<BacktestReport> {
  const { envelope } = await story.compile(changes);
  const ask = { envelope, detectionId, until, days, against: 'live' as const, values: false, samples: false };
  return story.client.backtest(ask, () => {});
}

/** Adds of one user, by how many hours ago they were, and to which group. */
async function sendAdds(adds: readonly (readonly [hoursAgo: number, group: string])[]): Promise<void> {
  const add = JSON.parse(await fileText('fixtures/okta/group-membership-add.json'));
  const records = adds.map(([hoursAgo, displayName]) => ({
    ...add,
    uuid: `add-${hoursAgo}`,
    published: new Date(endMs - hoursAgo * hourMs).toISOString(),
    target: [add.target[0], { ...add.target[1], displayName }],
  }));
  await story.send(records);
}

const adds = [
  [400, 'Bypass MFA'],
  [42, 'Bypass MFA'],
  [36, 'Bypass MFA Legacy'],
  [24, 'Bypass MFA Legacy'],
  [12, 'Bypass MFA'],
] as const;

/** The detection that also minds the other group. */
async function wider(): Promise<ContentChanges> {
  const path = `detections/${added}.yml`;
  const text = await fileText(path);
  return { [path]: text.replace('displayName: Bypass MFA }', "displayName: ['Bypass MFA', 'Bypass MFA Legacy'] }") };
}

function fileText(path: string): Promise<string> {
  return readFile(new URL(`../../../../${path}`, import.meta.url), 'utf8');
}

it('runs the queries over the matches again, with those of the live logic and with the new ones', async () => {
  await story.publish();
  await sendAdds(adds);
  const unchanged = await backtest(added);
  const live = await backtest(repeated);
  const changed = await backtest(added, await wider());
  expect(changed.notes).toEqual([]);
  const [query] = changed.downstream;
  expect(changed.downstream).toHaveLength(1);
  expect(query).toMatchObject({ queryId: byUser, runs: days * 24 });
  // From its third add on a user is a row at each hour: the third of the live logic is the last, of the new one that of
  // 36 hours ago, and while both find rows they count more adds.
  expect(query?.rows).toEqual(compared(12, 36, 0));
  expect(query?.detections).toMatchObject([
    { detectionId: repeated, alerts: compared(1, 1, 0), errors: [], stopped: [] },
  ]);
  expect(sumOf(query?.days.map(({ rows }) => rows))).toEqual(query?.rows);

  // One side is what the scheduled detection gives over the matches that were recorded, ...
  const [before] = unchanged.downstream;
  expect(before?.rows).toEqual(compared(12, 12, 12));
  expect(before?.detections).toMatchObject([{ matches: live.matches, alerts: live.alerts, days: live.days }]);

  // ... and the other what it gives where the new logic was live.
  await story.close();
  story = await openStory();
  await story.publish(await wider());
  await sendAdds(adds);
  const after = (await backtest(repeated, await wider())).days.map(({ day, matches, alerts }) => ({
    day,
    matches: matches.after,
    alerts: alerts?.after,
  }));
  const tried = query?.detections[0]?.days.map(({ day, matches, alerts }) => ({
    day,
    matches: matches.after,
    alerts: alerts?.after,
  }));
  expect(tried).toEqual(after);
}, 240_000);

it('goes on to the queries over those, and gives the same bytes each time', async () => {
  const further = {
    'scheduled-queries/okta/bypass-users.yml': `title: Users who were told of
query: |
  SELECT p_alert_context->>'member' AS member, count(DISTINCT p_dedup) AS told FROM rule_matches
  WHERE p_rule_id = '${repeated}' AND p_occurs_since('1 day') GROUP BY p_alert_context->>'member'
schedule: { every: 1d }
lookback: 1d
settle: 3m
owners: ['@identity']
tests: [{ name: nothing, steps: [{ at: -1h, logType: Okta.SystemLog, log: fixtures/okta/session-start-failure.json }], expect: { rows: [] } }]
`,
  };
  await story.publish(further);
  await sendAdds(adds);
  const changes = { ...further, ...(await wider()) };
  const first = await backtest(added, changes);
  expect(first.downstream.map(({ queryId }) => queryId)).toEqual([byUser, 'okta/bypass-users']);
  // It runs at midnight. On the second day only the new logic has told of the user by then.
  expect(first.downstream[1]).toMatchObject({ runs: days, rows: compared(0, 1, 0), detections: [] });
  await story.restart();
  expect(JSON.stringify(await backtest(added, changes))).toBe(JSON.stringify(first));
}, 240_000);

it('a detection that is switched off takes the rows away; a new one has no other side', async () => {
  await story.publish();
  await sendAdds(adds);
  const path = `detections/${added}.yml`;
  const off = await backtest(added, { [path]: `mode: off\n${await fileText(path)}` });
  expect(off.downstream).toMatchObject([
    {
      rows: compared(12, 0, 0),
      detections: [{ alerts: compared(1, 0, 0) }],
    },
  ]);
  const { envelope } = await story.compile();
  const alone = await story.client.backtest(
    { envelope, detectionId: added, until, days, against: 'none', values: false, samples: false },
    () => {},
  );
  expect(alone.downstream).toMatchObject([{ rows: { before: null, after: 12 } }]);
  expect((await backtest('okta/password-spray')).downstream).toEqual([]);
}, 240_000);

it('says what a trial cannot give', async () => {
  const reading = {
    'scheduled-queries/okta/linked.yml': `title: Matches with an alert
query: |
  SELECT p_alert_id, p_dedup FROM rule_matches
  WHERE p_rule_id = '${added}' AND p_alert_id IS NOT NULL AND p_occurs_since('1 day')
schedule: { every: 1d }
lookback: 1d
settle: 3m
owners: ['@identity']
tests: [{ name: nothing, steps: [{ at: -1h, logType: Okta.SystemLog, log: fixtures/okta/session-start-failure.json }], expect: { rows: [] } }]
`,
  };
  await story.publish(reading);
  await sendAdds(adds);
  const { notes } = await backtest(added, reading);
  expect(notes).toEqual(["'okta/linked' reads p_alert_id, which is as it is in the lake: it is not tried."]);
}, 240_000);

function compared(before: number, after: number, both: number): Comparison {
  return { before, after, both, onlyBefore: before - both, onlyAfter: after - both };
}

function sumOf(counts: readonly Comparison[] = []): Comparison {
  const sum = (of: (one: Comparison) => number | null): number => counts.reduce((all, one) => all + (of(one) ?? 0), 0);
  return compared(
    sum(({ before }) => before),
    sum(({ after }) => after),
    sum(({ both }) => both),
  );
}
