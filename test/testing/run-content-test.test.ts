import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BundleCatalog } from '../../framework/runtime/bundle-catalog.ts';
import {
  openTestRooms,
  type PreparedContent,
  prepareContent,
  type TestRooms,
} from '../../framework/testing/prepare-content.ts';
import { runContentTest } from '../../framework/testing/run-content-test.ts';
import { createMemoryLake } from '../../framework/testing/timeline/memory-lake.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

const flawed = `
title: Flawed
level: medium
logTypes: [Okta.SystemLog]
detection: { all: { eventType: user.session.start }, condition: all }
dedup: { by: [actor.alternateId] }
threshold: 2
tests:
  - { name: wrong title, log: fixtures/okta/session-start.json, expect: { match: true, title: Another } }
  - { name: wrongly no match, log: fixtures/okta/session-start.json, expect: { match: false } }
  - name: throws
    log: fixtures/okta/session-start.json
    with: { displayMessage: throw }
    expect: { match: true }
  - name: no event
    log: fixtures/okta/session-start.json
    with: { published: never }
    expect: { match: true }
  - name: an alert too early
    steps:
      - { at: -10m, log: fixtures/okta/session-start.json }
      - { at: -9m, expect: { alerts: [{ level: medium }] } }
      - { at: -8m, log: fixtures/okta/session-start.json }
    expect: { alerts: [{ match_count: 2 }], matches: [] }
`;
const code = `
import { detection } from 'margay';
export default detection<'okta/flawed'>({
  title: (event) => { if (event.displayMessage === 'throw') throw new TypeError('thrown'); return undefined; },
});
`;

let root: string;
let content: PreparedContent;
let rooms: TestRooms;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'margay-testing-'));
  cpSync(join(repository, 'fixtures'), join(root, 'fixtures'), { recursive: true });
  mkdirSync(join(root, 'detections/okta'), { recursive: true });
  writeFileSync(join(root, 'detections/okta/flawed.yml'), flawed);
  writeFileSync(join(root, 'detections/okta/flawed.ts'), code);
  content = await prepareContent(root, []);
  rooms = await openTestRooms(content.catalog as BundleCatalog, content.testFiles);
}, 60_000);

afterAll(async () => {
  await rooms.close();
  rmSync(root, { recursive: true, force: true });
});

async function run(name: string) {
  const file = content.testFiles[0] as PreparedContent['testFiles'][number];
  const test = file.tests.find((candidate) => candidate.name === name);
  if (!test) throw new Error(`no test ${name}`);
  return runContentTest(test, file.subject, rooms, content.catalog as BundleCatalog, 'both');
}

it('a wrong title is a difference, at the place of the test', async () => {
  const { differences, problems } = await run('wrong title');
  expect(problems).toEqual([]);
  expect(differences).toMatchObject([{ field: 'title', expected: 'Another', actual: 'Flawed' }]);
});

it('a match that should not be is a difference', async () => {
  expect((await run('wrongly no match')).differences).toMatchObject([
    { field: 'match', expected: false, actual: true },
  ]);
});

it('a function that throws fails the test, though production would fall back', async () => {
  const { problems } = await run('throws');
  expect(problems).toMatchObject([{ code: 'TEST_CONTENT_FAILED', message: 'title: TypeError: thrown' }]);
});

it('a record that becomes no event fails the test with the reason', async () => {
  const { differences, problems } = await run('no event');
  expect(JSON.stringify([differences, problems])).toContain('published');
});

it('each expectation of a timeline is compared on its own, at its own line', async () => {
  const { differences } = await run('an alert too early');
  expect(differences.map(({ field, where }) => [field, where?.line])).toEqual([
    ['alerts', 22],
    ['matches', 24],
  ]);
  expect(differences[0]).toMatchObject({ expected: [{ level: 'medium' }], actual: [] });
});

it('filters choose among the compiled content, and one that matches nothing stops it', async () => {
  const found = await prepareContent(root, ['detections/okta/']);
  expect(found.testFiles).toHaveLength(1);
  const { problems, catalog, testFiles } = await prepareContent(root, ['okta', 'aws']);
  expect(problems.map(({ code }) => code)).toContain('TEST_FILTER_UNMATCHED');
  expect([catalog, testFiles]).toEqual([undefined, []]);
});

it('engines that disagree fail the query', async () => {
  const engines = {
    run: async () => ({ rows: [{ n: 1 }], engines: ['duckdb', 'alasql'], difference: 'duckdb n=1, alasql n=2' }),
    close: async () => {},
  };
  const lake = createMemoryLake(engines, 'both', () => 0);
  await expect(lake.query('SELECT 1 AS n', [], { timeoutMs: 1, maxRows: 1 })).rejects.toMatchObject({
    code: 'TEST_ENGINES_DIFFER',
    message: expect.stringContaining('alasql n=2'),
  });
});
