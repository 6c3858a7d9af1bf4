import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runMargay } from './run-margay.ts';

const sound = `title: User added to a group
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
    expect: { match: true }
  - name: a removal does not
    log: { eventType: group.user_membership.remove, published: '2026-03-01T10:00:00.000Z', uuid: a }
    expect: { match: false }
`;
const untested = sound.slice(0, sound.indexOf('tests:'));
const broken = sound.replace('level: low', 'levle: low').replace('eventType:', 'eventTyp:');
const query = `title: Adds by user
query: |
  select p_rule_id, count(*) as n from rule_matches where p_occurs_since('1 day') group by p_rule_id
schedule: { every: 1h }
`;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'margay-content-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
}

describe('check', () => {
  it('of sound content exits with 0', async () => {
    write({ 'detections/okta/add.yml': sound });
    const { code, stdout, stderr } = await runMargay(['check'], { cwd: root });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^no problems in \d+ files?\n$/);
  });

  it('shows every problem with place, frame and hint, and exits with 2', async () => {
    write({ 'detections/okta/add.yml': sound, 'detections/okta/broken.yml': broken });
    const { code, stdout } = await runMargay(['check', '--root', root]);
    expect(code).toBe(2);
    expect(stdout).toContain('detections/okta/broken.yml:2:1  error COMPILE_KEY_UNKNOWN');
    expect(stdout).toContain('2 │ levle: low');
    expect(stdout).toContain('detections/okta/broken.yml:6:5  error');
    expect(stdout).toMatch(/hint: .*'level'/);
  });

  it('of content with findings only exits with 1', async () => {
    write({ 'detections/okta/add.yml': untested });
    const { code, stdout, stderr } = await runMargay(['check'], { cwd: root });
    expect(code).toBe(1);
    expect(stdout).toContain('finding COMPILE_TEST_MISSING');
    expect(stderr).toMatch(/^\d findings? in/);
  });

  it('shows what is wrong below the given paths only', async () => {
    write({ 'detections/okta/add.yml': sound, 'detections/okta/broken.yml': broken, 'detections/aws/add.yml': sound });
    expect((await runMargay(['check', 'detections/aws'], { cwd: root })).code).toBe(0);
    expect(
      (await runMargay(['check', 'broken.yml', '--root', root], { cwd: join(root, 'detections/okta') })).code,
    ).toBe(2);
  });

  it('prints a report as JSON', async () => {
    write({ 'detections/okta/add.yml': sound, 'detections/okta/untested.yml': untested });
    const { code, stdout } = await runMargay(['check', '--no-types', '--json'], { cwd: root });
    expect(code).toBe(1);
    const report = JSON.parse(stdout);
    expect(report).toEqual({
      problems: expect.arrayContaining([
        expect.objectContaining({
          code: 'COMPILE_TEST_MISSING',
          severity: 'finding',
          where: { file: 'detections/okta/untested.yml', line: 1, col: 1 },
        }),
      ]),
      errorCount: 0,
      findingCount: report.problems.length,
      fileCount: expect.any(Number),
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
  });
});

describe('types', () => {
  it('writes them, and says nothing', async () => {
    write({ 'detections/okta/add.yml': sound });
    expect(await runMargay(['types'], { cwd: root })).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(root, '.margay/types.d.ts'), 'utf8')).toContain('okta/add');
  });

  it('exits with 0 even when the content is wrong, so that an install works', async () => {
    write({ 'detections/okta/broken.yml': broken });
    const { code, stderr } = await runMargay(['types'], { cwd: root });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: the types are incomplete, .*'margay check'/);
    expect(existsSync(join(root, '.margay/types.d.ts'))).toBe(true);
  });

  it('exits with 0 in a folder without content', async () => {
    expect((await runMargay(['types'], { cwd: root })).code).toBe(0);
  });
});

describe('fmt', () => {
  it('formats, and then has nothing left to do', async () => {
    write({ 'detections/okta/add.yml': sound, 'scheduled-queries/okta/adds.yml': query });
    const checked = await runMargay(['fmt', '--check'], { cwd: root });
    expect({ code: checked.code, stdout: checked.stdout }).toEqual({
      code: 1,
      stdout: 'scheduled-queries/okta/adds.yml\n',
    });
    expect(readFileSync(join(root, 'scheduled-queries/okta/adds.yml'), 'utf8')).toBe(query);

    const formatted = await runMargay(['fmt'], { cwd: root });
    expect({ code: formatted.code, stdout: formatted.stdout }).toEqual({
      code: 0,
      stdout: 'scheduled-queries/okta/adds.yml\n',
    });
    expect(readFileSync(join(root, 'scheduled-queries/okta/adds.yml'), 'utf8')).toContain('SELECT');

    const { code, stdout } = await runMargay(['fmt', '--check', '--json'], { cwd: root });
    expect({ code, report: JSON.parse(stdout) }).toEqual({ code: 0, report: { changed: [], fileCount: 1 } });
  });
});

it('check of a path that is not there exits with 3', async () => {
  write({ 'detections/okta/add.yml': sound });
  const { code, stdout, stderr } = await runMargay(['check', 'detections/nope'], { cwd: root });
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toContain("There is no 'detections/nope'.");
});

it('send --json without a runtime prints one document, the error', async () => {
  write({ 'logs.ndjson': '{}\n' });
  const args = ['send', 'logs.ndjson', '--log-type', 'T', '--json', '--url', 'http://127.0.0.1:1'];
  const { code, stdout } = await runMargay(args, { cwd: root });
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: 'CLI_RUNTIME_UNREACHABLE', message: expect.stringContaining('Nothing was sent.') },
  });
});

describe('publish', () => {
  it('of wrong content asks no runtime, and exits with 2', async () => {
    write({ 'detections/okta/broken.yml': broken });
    const { code, stdout, stderr } = await runMargay(['publish', '--url', 'http://127.0.0.1:1'], { cwd: root });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('nothing was published');
  });

  it('without a runtime exits with 3', async () => {
    write({ 'detections/okta/add.yml': sound });
    const { code, stderr } = await runMargay(['publish', '--url', 'http://127.0.0.1:1'], { cwd: root });
    expect(code).toBe(3);
    expect(stderr).toContain('CLI_RUNTIME_UNREACHABLE');
  });
});
