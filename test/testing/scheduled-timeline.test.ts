import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BundleCatalog } from '../../framework/runtime/bundle-catalog.ts';
import {
  openTestRooms,
  type PreparedContent,
  prepareContent,
  type TestRooms,
} from '../../framework/testing/prepare-content.ts';
import { runContentTest } from '../../framework/testing/run-content-test.ts';
import { contentFolder } from '../compile/content/content-folder.ts';

const query = `title: Sign-ins of the last hour
query: |
  SELECT "actor" ->> '$.alternateId' AS who, count(*) AS times
  FROM okta_systemlog WHERE p_occurs_since('1 hour')
  GROUP BY "actor" ->> '$.alternateId'
schedule: { every: 1h }
settle: 5m
`;

/** Now is 12:00. The sign-in of 10:50 is in the window of 11:00, which is executed at 11:05, and not in that of 12:00. */
const detection = `title: Many
query: often
dedup: { by: [who] }
tests:
  - name: expected
    steps: [{ at: -70m, log: &log { eventType: x, uuid: a, actor: { alternateId: dana } } }]
    expect: { rows: [], alerts: [] }
  - name: scheduled
    runs: scheduled
    steps:
      - { at: -70m, log: *log }
      - { at: -58m, log: *log }
      - { at: -56m, expect: { alerts: [] } }
      - { at: -55m, expect: { rows: [{ who: dana, times: 1 }], alerts: [{ dedup: dana, notifications: 1 }] } }
    expect: { rows: [{ who: dana, times: 1 }], alerts: [], matches: [] }
  - name: nothing has run
    runs: scheduled
    steps: [{ at: 1m, log: *log }]
    expect: { rows: [] }
`;

let content: PreparedContent;
let rooms: TestRooms;

beforeAll(async () => {
  const root = await contentFolder({ 'detections/many.yml': detection, 'scheduled-queries/often.yml': query });
  content = await prepareContent(root, []);
  expect(content.problems).toEqual([]);
  rooms = await openTestRooms(content.catalog as BundleCatalog, content.testFiles);
}, 60_000);

afterAll(() => rooms.close());

async function run(name: string) {
  const [file] = content.testFiles;
  const test = file?.tests.find((candidate) => candidate.name === name);
  if (!file || !test) throw new Error(`no test ${name}`);
  return runContentTest(test, file.subject, rooms, content.catalog as BundleCatalog, 'both');
}

it('a run between expectations is seen by a test that has the query run by its schedule, and by no other', async () => {
  for (const name of ['expected', 'scheduled']) {
    expect(await run(name), name).toMatchObject({ differences: [], problems: [], engines: ['duckdb', 'alasql'] });
  }
});

it('rows that are expected before any run are told at the expectation', async () => {
  const { problems } = await run('nothing has run');
  expect(problems).toMatchObject([
    { code: 'TEST_RUNS_NONE', where: { file: 'detections/many.yml', line: 19 }, severity: 'error' },
  ]);
});
