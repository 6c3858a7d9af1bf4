import { afterEach, beforeEach, expect, it } from 'vitest';
import { openWorld, type World } from './open-world.ts';

const hour = 3_600_000;
const rollout = 'rollout: { shadow: 48h, maxAlertsPerDay: 2 }';

/** A version whose condition is true of some event types, and whose title says which version it is. */
const joins = (version: string, types: string, extra = rollout): string => `title: ${version}
level: low
${extra}
logTypes: [Okta.SystemLog]
detection: { seen: { eventType: [${types}] }, condition: seen }
dedup: { by: [actor.alternateId], period: 1h }
`;

const files = (detection: string) => ({ 'detections/joins.yml': detection });
const first = files(joins('first', 'add'));
const second = files(joins('second', 'add, join'));
const third = files(joins('third', 'add, join, leave'));

const event = (uuid: string, eventType: string, who = uuid) => ({ uuid, eventType, actor: { alternateId: who } });

let world: World;
beforeEach(async () => {
  world = await openWorld(Date.parse('2026-03-02T10:00:00.000Z'));
}, 60_000);
afterEach(() => world.close());

/** What is recorded, as `stage title: key`. */
async function recorded(): Promise<readonly string[]> {
  const rows = await world.query('SELECT p_stage, p_rule_title, p_dedup FROM rule_matches');
  return rows.map((row) => `${row.p_stage} ${row.p_rule_title}: ${row.p_dedup}`).sort();
}

async function rollouts() {
  return (await world.client.rollouts()).rollouts;
}

/** Lets time pass until the watch has looked; what it promotes is in force then. */
async function look(durationMs: number): Promise<void> {
  await world.pass(durationMs);
  await world.pass(60_000);
}

it('a changed version runs in the shadow beside the one that alerts, through a restart, and takes over when its window ends', async () => {
  await world.publish(first);
  await world.send(event('a', 'add'));
  await world.publish(second);
  await world.send(event('b', 'add'), event('c', 'join'));
  expect(await recorded()).toEqual(['live first: a', 'live first: b', 'shadow second: b', 'shadow second: c']);
  await world.restart();
  await world.send(event('d', 'add'));
  expect(await rollouts()).toMatchObject([
    {
      ...{ ruleId: 'joins', evaluated: 3, matches: 3, errors: 0, alerts: 3, maxAlertsOnADay: 3, alertBudgetPerDay: 2 },
      ...{ status: 'held', reason: 'It raised 3 alerts on day 1, and 2 a day are its budget.' },
    },
  ]);

  // The next version starts anew, and the first one alerts on.
  await world.publish(third);
  await world.send(event('e', 'leave'));
  expect(await rollouts()).toMatchObject([
    { evaluated: 1, matches: 1, alerts: 1, status: 'waiting', reason: 'Its window ends in 2d.' },
  ]);
  await look(47 * hour);
  expect(await rollouts()).toHaveLength(1);
  await world.restart();
  await look(hour);
  await expect.poll(rollouts, { timeout: 20_000 }).toEqual([]);
  await world.send(event('f', 'leave'), event('d', 'add'));
  expect(await recorded()).toEqual([
    ...['live first: a', 'live first: b', 'live first: d', 'live third: f'],
    ...['shadow second: b', 'shadow second: c', 'shadow second: d', 'shadow third: e'],
  ]);
  expect(world.printed().match(/first|second|third/g)).toEqual(['first', 'first', 'first', 'third']);
  const audit = await world.query(
    "SELECT actor, detail ->> '$.ruleId' AS rule, detail ->> '$.evaluated' AS n FROM audit WHERE action = 'promote'",
  );
  expect(audit).toEqual([{ actor: 'margay', rule: 'joins', n: '1' }]);
  await world.restart();
  await world.send(event('g', 'leave'));
  expect((await recorded()).filter((row) => row.includes('g'))).toEqual(['live third: g']);
}, 120_000);

it('a version that has evaluated nothing, or raised an error, is not promoted by itself; somebody may', async () => {
  const throwing = `import { detection } from 'margay';
export default detection<'joins'>({ title: (event) => { if (event.eventType === 'join') throw new Error('no title'); return 'coded'; } });
`;
  await world.publish(first);
  await world.publish({ ...second, 'detections/joins.ts': throwing });
  await look(50 * hour);
  expect(await rollouts()).toMatchObject([
    { status: 'waiting', reason: 'It has evaluated nothing yet.', evaluated: 0 },
  ]);
  await world.send(event('a', 'join'), event('b', 'add'));
  expect(await rollouts()).toMatchObject([
    { status: 'held', errors: 1, reason: 'It raised 1 error, the last: title: no title' },
  ]);
  await look(50 * hour);
  await world.restart();
  expect(await rollouts()).toHaveLength(1);
  expect(await recorded()).toEqual(['live first: b', 'shadow coded: b', 'shadow second: a']);
  await expect(world.client.promote({ ruleId: 'join' })).rejects.toMatchObject({
    code: 'API_ROLLOUT_UNKNOWN',
    hint: "Did you mean 'joins'?",
  });
  expect(await world.client.promote({ ruleId: 'joins' })).toMatchObject({ ruleId: 'joins', errors: 1 });
  await world.send(event('c', 'add'));
  expect((await recorded()).filter((row) => row.endsWith('c'))).toEqual(['live coded: c']);
  expect(await rollouts()).toEqual([]);
}, 120_000);

it('code of both versions runs, each its own', async () => {
  const titled = (title: string): string => `import { detection } from 'margay';
const words = ['${title}'];
export default detection<'joins'>({ title: () => words[0] });
`;
  await world.publish({ ...first, 'detections/joins.ts': titled('one') });
  await world.publish({ ...first, 'detections/joins.ts': titled('two') });
  await world.send(event('a', 'add'));
  expect(await recorded()).toEqual(['live one: a', 'shadow two: a']);
}, 60_000);

it('what is no other logic, was live before, or does not ask for it, alerts at once', async () => {
  await world.publish(first);
  await world.publish(files(joins('renamed', 'add')));
  expect(await rollouts()).toEqual([]);
  await world.publish(second);
  expect(await rollouts()).toHaveLength(1);
  await world.publish(first);
  expect(await rollouts()).toEqual([]);
  await world.publish(second);
  await world.publish(files(joins('second', 'add, join', '')));
  expect(await rollouts()).toEqual([]);
  await world.publish(third);
  expect(await rollouts()).toHaveLength(1);
  await world.client.rollback({ reason: 'it was better' });
  expect(await rollouts()).toEqual([]);
  await world.send(event('a', 'join'));
  expect(await recorded()).toEqual(['live second: a']);
}, 120_000);

it('going back to a version that never alerted leaves it in the shadow', async () => {
  await world.publish(first);
  await world.publish(second);
  await world.publish(third);
  await world.client.rollback({ reason: 'the third is worse' });
  await world.send(event('a', 'add'));
  expect(await recorded()).toEqual(['live first: a', 'shadow second: a']);
}, 120_000);

it('a new detection proves itself with nothing beside it', async () => {
  await world.publish({ 'detections/other.yml': joins('other', 'none') });
  await world.publish({ 'detections/other.yml': joins('other', 'none'), ...first });
  await world.send(event('a', 'add'));
  expect(await rollouts()).toMatchObject([{ ruleId: 'joins', liveVersion: null, matches: 1 }]);
  expect(await recorded()).toEqual(['shadow first: a']);
}, 120_000);

it('a scheduled detection is tried over the rows of its query, and keeps what fires', async () => {
  const query = `title: Joins by user
query: |
  SELECT p_dedup AS who, count(*) AS joins FROM rule_matches
  WHERE p_rule_id = 'joins' AND p_occurs_since('30 days') GROUP BY p_dedup
schedule: { every: 1d }
settle: 0s
`;
  const many = (title: string, least: number) => ({
    ...files(joins('first', 'add', '')),
    'scheduled-queries/by-user.yml': query,
    'detections/many.yml': `title: ${title}
level: high
query: by-user
${rollout}
detection: { many: { joins|gte: ${least} }, condition: many }
dedup: { by: [who] }
`,
  });
  await world.publish(many('one', 1));
  await world.send(event('a', 'add', 'dana'));
  await world.pass(1_000);
  await world.client.startRun('by-user', undefined);
  await world.publish(many('two', 2));
  await world.pass(1_000);
  await world.client.startRun('by-user', undefined);
  expect(await rollouts()).toMatchObject([{ ruleId: 'many', evaluated: 1, matches: 0, alerts: 0 }]);
  await world.send(event('b', 'add', 'dana'));
  await world.pass(1_000);
  await world.client.startRun('by-user', undefined);
  expect(await rollouts()).toMatchObject([{ ruleId: 'many', evaluated: 2, matches: 1, alerts: 1 }]);
  const alerts = async (stage: 'live' | 'shadow') =>
    (await world.client.alerts({ limit: 9, stage, ruleId: 'many' })).alerts.map(
      ({ title, status }) => `${title} ${status}`,
    );
  expect([await alerts('live'), await alerts('shadow')]).toEqual([['one open'], ['two open']]);
  await world.client.promote({ ruleId: 'many' });
  await world.pass(1_000);
  await world.client.startRun('by-user', undefined);
  // The key fires on: nobody is told again.
  expect([await alerts('live'), await alerts('shadow')]).toEqual([['one open'], ['two resolved']]);
  expect(world.printed().match(/one|two/g)).toEqual(['one']);
}, 120_000);
