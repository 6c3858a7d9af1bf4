import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TestReport } from '../../framework/model/test-report.ts';
import { startAnsweringServer } from './answering-server.ts';
import { runMargay, startMargay } from './run-margay.ts';

const packages = fileURLToPath(new URL('../../node_modules', import.meta.url));
const detection = `title: User added to a group
level: low
logTypes: [Okta.SystemLog]
detection:
  added:
    eventType: group.user_membership.add
  condition: added
dedup: { by: [actor.alternateId], period: 1h }
tests:
  - name: an add matches
    log: { eventType: group.user_membership.add, published: '2026-03-01T10:00:00.000Z', uuid: a }
    expect: { match: true, title: User added to a group }
  - name: a removal does not
    log: { eventType: group.user_membership.remove, published: '2026-03-01T10:00:00.000Z', uuid: a }
    expect: { match: false }
`;
const failing = detection.replace('title: User added to a group }', 'title: Somebody added }');

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'margay-test-'));
  symlinkSync(packages, join(root, 'node_modules'));
  mkdirSync(join(root, 'detections/okta'), { recursive: true });
  writeFileSync(join(root, 'detections/okta/add.yml'), detection);
});
afterEach(() => rmSync(root, { recursive: true }));

it('green tests exit with 0, a line per file', async () => {
  const { code, stdout } = await runMargay(['test'], { cwd: root });
  expect(stdout).toMatch(
    /^✔ detections\/okta\/add\.yml {2}2 tests {2}\S+\n\n2 passed {2}\(2 tests in 1 file, \S+\)\n$/,
  );
  expect(code).toBe(0);
}, 60_000);

it('a failed test exits with 1, says what was expected and where, and is in the JUnit report', async () => {
  writeFileSync(join(root, 'detections/okta/add.yml'), failing);
  const { code, stdout } = await runMargay(['test', 'okta/add', '--junit', 'report.xml'], { cwd: root });
  expect(code).toBe(1);
  expect(stdout).toContain('✘ detections/okta/add.yml  1 of 2 tests failed');
  expect(stdout).toContain('FAIL okta/add › an add matches  detections/okta/add.yml:10:');
  expect(stdout).toContain('  title\n    - "Somebody added"\n    + "User added to a group"');
  expect(stdout).toMatch(/^1 failed, 1 passed/m);
  const xml = readFileSync(join(root, 'report.xml'), 'utf8');
  expect(xml).toContain('<testsuite name="okta/add" file="detections/okta/add.yml" tests="2" failures="1"');
}, 60_000);

it('with --json the report is data', async () => {
  writeFileSync(join(root, 'detections/okta/add.yml'), failing);
  const { code, stdout } = await runMargay(['test', '--json'], { cwd: root });
  expect(code).toBe(1);
  const report = JSON.parse(stdout) as TestReport;
  expect(report.totals).toMatchObject({ passed: 1, failed: 1, skipped: 0 });
  expect(report.files[0]?.tests[0]).toMatchObject({
    name: 'an add matches',
    kind: 'event',
    status: 'failed',
    differences: [{ field: 'title', expected: 'Somebody added', actual: 'User added to a group' }],
  });
}, 60_000);

const query = `title: Adds by user
query: |
  SELECT actor->>'alternateId' AS who, count(*) AS n
  FROM okta_systemlog
  WHERE eventType = 'group.user_membership.add' AND p_occurs_since('1 day')
  GROUP BY who
schedule: { every: 1d }
lookback: 1d
tests:
  - name: one add is one row
    steps:
      - at: -1h
        log: { eventType: group.user_membership.add, published: '2026-03-01T10:00:00.000Z', uuid: a, actor: { alternateId: ann@example.com } }
    expect: { rows: [{ who: ann@example.com, n: 1 }] }
`;

it.each([
  ['both', 'DuckDB and alasql', ['duckdb', 'alasql']],
  ['duckdb', 'DuckDB', ['duckdb']],
  ['alasql', 'alasql', ['alasql']],
])(
  '--engine %s runs the SQL of queries on %s, and every report says so',
  async (engine, said, engines) => {
    mkdirSync(join(root, 'scheduled-queries/okta'), { recursive: true });
    writeFileSync(join(root, 'scheduled-queries/okta/adds.yml'), query);
    const chosen = engine === 'both' ? [] : ['--engine', engine];
    const { code, stdout } = await runMargay(['test', 'scheduled-queries', ...chosen, '--junit', 'report.xml'], {
      cwd: root,
    });
    expect(stdout).toContain(`✔ scheduled-queries/okta/adds.yml  1 test, SQL on ${said}  `);
    expect(code).toBe(0);
    expect(readFileSync(join(root, 'report.xml'), 'utf8')).toContain(
      `<property name="engines" value="${engines.join(',')}"/>`,
    );
    const json = await runMargay(['test', 'scheduled-queries', ...chosen, '--json'], { cwd: root });
    expect((JSON.parse(json.stdout) as TestReport).files[0]?.tests[0]?.engines).toEqual(engines);
  },
  120_000,
);

it('a query that alasql is not proven for runs on DuckDB alone, and the reports say why', async () => {
  mkdirSync(join(root, 'scheduled-queries/okta'), { recursive: true });
  const unproven = query.replace('GROUP BY who', "GROUP BY who HAVING CAST(avg(1) AS VARCHAR) <> 'none'");
  writeFileSync(join(root, 'scheduled-queries/okta/adds.yml'), unproven);
  const { code, stdout } = await runMargay(['test', 'scheduled-queries', '--junit', 'report.xml'], { cwd: root });
  expect(code).toBe(0);
  expect(stdout).toContain('1 test, SQL on DuckDB  ');
  expect(stdout).toContain('note: alasql left out: it casts DOUBLE to VARCHAR');
  expect(readFileSync(join(root, 'report.xml'), 'utf8')).toContain(
    '<property name="engines-note" value="alasql left out:',
  );
}, 120_000);

it('content that does not compile exits with 2, and no test runs', async () => {
  writeFileSync(join(root, 'detections/okta/add.yml'), detection.replace('level: low', 'levle: low'));
  const { code, stdout } = await runMargay(['test'], { cwd: root });
  expect(code).toBe(2);
  expect(stdout).toContain('detections/okta/add.yml:2:1  error COMPILE_KEY_UNKNOWN');
  expect(stdout).toContain('no test ran: 1 error');
}, 60_000);

it('a path or id that matches nothing exits with 3, also beside others, and no test runs', async () => {
  const { code, stdout } = await runMargay(['test', 'okta/add', 'okta/ad'], { cwd: root });
  expect(code).toBe(3);
  expect(stdout).toContain('TEST_FILTER_UNMATCHED');
  expect(stdout).toContain("Did you mean 'okta/add'?");
  expect(stdout).toContain('no test ran: 1 error');
}, 60_000);

it('content without tests exits with 1', async () => {
  writeFileSync(join(root, 'detections/okta/add.yml'), detection.slice(0, detection.indexOf('tests:')));
  const { code, stdout } = await runMargay(['test', '--json'], { cwd: root });
  expect(code).toBe(1);
  expect((JSON.parse(stdout) as TestReport).problems.map((problem) => problem.code)).toContain('TEST_NONE');
}, 60_000);

it('with --watch it tests again on a change, until Ctrl-C', async () => {
  const child = startMargay(['test', '--watch'], { cwd: root });
  let output = '';
  const printed = async (text: string): Promise<void> => {
    while (!output.includes(text)) {
      const [chunk] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
      output += chunk.toString();
    }
  };
  await printed('2 passed');
  output = '';
  writeFileSync(join(root, 'detections/okta/add.yml'), failing);
  await printed('1 failed, 1 passed');
  child.kill('SIGINT');
  await once(child, 'close');
  expect(child.exitCode).toBe(1);
}, 60_000);

it('publish runs the tests first, and publishes nothing when one fails', async () => {
  const live = { digest: null, serial: 0, activatedAtMs: null, commit: null, detectionCount: 0, queryCount: 0 };
  const published = { digest: 'sha256:0', serial: 1, changed: true, missingSecrets: [] };
  const server = await startAnsweringServer(({ method }) => ({ json: method === 'PUT' ? published : live }));
  const asked = (): readonly string[] => server.requests.map(({ method }) => method);
  writeFileSync(join(root, 'detections/okta/add.yml'), failing);
  const refused = await runMargay(['publish', '--url', server.url], { cwd: root });
  expect({ code: refused.code, stdout: refused.stdout, asked: asked() }).toEqual({
    code: 1,
    stdout: '',
    asked: ['GET'],
  });
  expect(refused.stderr).toContain('FAIL okta/add › an add matches');
  expect(refused.stderr).toContain('Tests fail; nothing was published.');

  writeFileSync(join(root, 'detections/okta/add.yml'), detection);
  const accepted = await runMargay(['publish', '--url', server.url], { cwd: root });
  expect({ code: accepted.code, asked: asked() }).toEqual({ code: 0, asked: ['GET', 'GET', 'PUT'] });
  expect(accepted.stderr).toContain('2 tests passed.');
  await server.close();
}, 60_000);
