import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestRooms, prepareContent } from '../../framework/testing/prepare-content.ts';
import { runContentTest } from '../../framework/testing/run-content-test.ts';
import { contentFolder } from '../compile/content/content-folder.ts';
import { openWorld, type World } from './open-world.ts';

const adds = (mode: string, tests = ''): string => `title: Add
level: low
mode: ${mode}
logTypes: [Okta.SystemLog]
detection: { add: { eventType: add }, condition: add }
dedup: { by: [actor.alternateId] }
context: { who: { from: actor.alternateId } }
${tests}`;

const counted = (where: string, tests = ''): string => `title: Adds by user
query: |
  SELECT p_alert_context ->> 'who' AS who, count(*) AS adds FROM rule_matches
  WHERE p_rule_id = 'adds' AND p_occurs_since('30 days')${where} GROUP BY p_alert_context ->> 'who'
schedule: { every: 1d }
settle: 0s
${tests}`;

const files = (mode: string): Readonly<Record<string, string>> => ({
  'detections/adds.yml': adds(mode),
  'detections/many.yml': 'title: Many adds\nlevel: high\nquery: by-user\ndedup: { by: [who] }\n',
  'scheduled-queries/by-user.yml': counted(''),
  'scheduled-queries/asked.yml': counted(" AND p_stage IN ('live', 'shadow')"),
});

const stages =
  "SELECT p_stage AS stage, count(*) AS n FROM rule_matches WHERE p_occurs_since('9 days') GROUP BY p_stage";
const add = (uuid: string) => ({ uuid, eventType: 'add', actor: { alternateId: 'dana@example.com' } });

let world: World;
beforeEach(async () => {
  world = await openWorld(Date.parse('2026-03-02T10:00:00.000Z'));
}, 60_000);
afterEach(() => world.close());

async function alertsOf(stage: 'live' | 'shadow'): Promise<readonly string[]> {
  const { alerts } = await world.client.alerts({ limit: 10, stage });
  return alerts.map(
    (alert) => `${alert.ruleId} ${alert.stage} ${alert.matchCount} to ${alert.destinations.join(', ')}`,
  );
}

it('a detection in the shadow records matches and alerts of its own stage, and nobody hears of them', async () => {
  await world.publish(files('shadow'));
  await world.send(add('1'), add('2'));
  await world.pass(1_000);
  expect(await world.query(stages)).toEqual([{ stage: 'shadow', n: 2 }]);
  expect(await alertsOf('shadow')).toEqual(['adds shadow 2 to ']);
  expect(await alertsOf('live')).toEqual([]);
  expect(await world.client.deliveries({ limit: 10 })).toMatchObject({ deliveries: [] });
  expect(world.printed()).toBe('');
}, 60_000);

it('queries see nothing of it unless they name the stage, by hand and by schedule alike', async () => {
  await world.publish(files('shadow'));
  await world.send(add('1'));
  await world.pass(1_000);
  const counts = async (...sqls: readonly string[]) =>
    Promise.all(sqls.map(async (sql) => (await world.query(sql))[0]?.n));
  const matches = "FROM rule_matches WHERE p_occurs_since('1 day')";
  expect(
    await counts(
      `SELECT count(*) AS n ${matches}`,
      `SELECT count(*) AS n FROM (SELECT * ${matches})`,
      `SELECT count(*) AS n FROM (SELECT * ${matches}) AS m WHERE m.p_stage <> ''`,
      `SELECT count(*) AS n ${matches} AND p_alert_id IS NOT NULL`,
      'SELECT count(*) AS n FROM alerts',
      "SELECT count(*) AS n FROM alerts WHERE stage = 'shadow'",
    ),
  ).toEqual([0, 0, 1, 0, 0, 1]);
  expect(await world.client.startRun('by-user', undefined)).toMatchObject({ status: 'succeeded', rowCount: 0 });
  expect(await world.client.startRun('asked', undefined)).toMatchObject({ status: 'succeeded', rowCount: 1 });
  expect(await alertsOf('live')).toEqual([]);
}, 60_000);

it('a detection that goes live alerts on what comes then, once, and what it saw in the shadow stays there', async () => {
  await world.publish(files('shadow'));
  await world.send(add('1'));
  await world.publish(files('live'));
  await world.send(add('2'));
  await world.send(add('2'));
  await world.restart();
  await world.pass(1_000);
  const rows = await world.query(`${stages} ORDER BY stage`);
  expect(rows).toEqual([
    { stage: 'live', n: 1 },
    { stage: 'shadow', n: 1 },
  ]);
  expect(world.printed().match(/Add/g)).toHaveLength(1);
  expect(await world.client.startRun('by-user', undefined)).toMatchObject({ rowCount: 1 });
  expect(await alertsOf('live')).toEqual(['many live 1 to terminal', 'adds live 1 to terminal']);
}, 60_000);

it('a detection that is off records nothing', async () => {
  await world.publish(files('off'));
  await world.send(add('1'));
  expect(await world.query(stages)).toEqual([]);
  expect([await alertsOf('live'), await alertsOf('shadow')]).toEqual([[], []]);
}, 60_000);

it('a timeline shows the same: the detection itself as if it were live, and nothing of it downstream', async () => {
  const steps = 'steps: [{ at: -1h, log: { uuid: a, eventType: add, actor: { alternateId: dana } } }]';
  const own = `tests:
  - { name: event, log: { uuid: a, eventType: add, published: 2026-01-01T00:00:00Z }, expect: { match: true, title: Add } }
  - { name: own, ${steps}, expect: { matches: [{ p_stage: shadow }], alerts: [{ stage: shadow, destinations: [] }] } }
`;
  const root = await contentFolder({
    'detections/adds.yml': adds('shadow', own),
    'scheduled-queries/by-user.yml': counted('', `tests:\n  - { name: unseen, ${steps}, expect: { rows: [] } }\n`),
    'scheduled-queries/asked.yml': counted(
      " AND p_stage = 'shadow'",
      `tests:\n  - { name: seen, ${steps}, expect: { rows: [{ who: dana, adds: 1 }] } }\n`,
    ),
  });
  const { catalog, testFiles } = await prepareContent(root, []);
  if (!catalog) throw new Error('it does not compile');
  const rooms = await openTestRooms(catalog, testFiles);
  try {
    for (const { subject, tests } of testFiles) {
      for (const test of tests) {
        const { differences, problems } = await runContentTest(test, subject, rooms, catalog, 'both');
        expect({ name: test.name, differences, problems }).toEqual({ name: test.name, differences: [], problems: [] });
      }
    }
  } finally {
    await rooms.close();
  }
}, 60_000);
