import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ReadDirectory, readDisk } from '../../framework/compile/content/find-content.ts';
import { compileContent, writeTypes } from '../../framework/compile/index.ts';
import { openBundle } from '../../framework/model/open-bundle.ts';
import { contentFolder } from './content/content-folder.ts';
import { soundContent } from './sound-content.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

it("the repository's own content compiles without a problem", async () => {
  const { bundle, envelope, problems, files } = await compileContent({ root: repository, types: false });
  expect(problems).toEqual([]);
  expect(bundle?.detections.map(({ id }) => id)).toContain('okta/mfa-bypass-repeated');
  expect(envelope && openBundle(envelope)).toEqual(JSON.parse(envelope?.content ?? ''));
  expect(files).toContain('fixtures/okta/group-membership-add.json');
  expect(files).toContain('margay.config.ts');
});

it('a detection is lowered whole', async () => {
  const { bundle, problems } = await compileContent({ root: await contentFolder(soundContent), types: false });
  expect(problems).toEqual([]);
  expect(bundle?.detections.map(({ id }) => id)).toEqual(['adds', 'repeated']);
  const [adds, repeated] = bundle?.detections ?? [];
  expect(adds).toMatchObject({
    id: 'adds',
    firstId: 'older',
    aliases: ['older', 'old'],
    sigmaId: '4ae68615-866f-4304-b24b-ba048dfa5ca7',
    level: 'low',
    mode: 'live',
    source: { kind: 'events', logTypes: ['Okta.SystemLog'] },
    condition: { kind: expect.any(String) },
    dedup: { by: ['target[0].id'], periodMs: 7_200_000 },
    threshold: 1,
    context: { member: { from: 'target[0].id', type: 'string' } },
    falsePositives: ['Support.'],
    destinations: [],
    version: expect.stringMatching(/^sha256:/),
    where: { file: 'detections/adds.yml', line: 2, col: 1 },
  });
  expect(repeated).toMatchObject({
    level: 'medium',
    source: { kind: 'query', query: 'adds-by-member' },
    renotify: ['adds'],
  });
  expect(repeated?.condition).toBeUndefined();
  expect(bundle?.queries[0]).toMatchObject({
    id: 'adds-by-member',
    schedule: { everyMs: 3_600_000 },
    settleMs: 60_000,
    catchUp: 'all',
    logTypes: ['Okta.SystemLog'],
    timeoutMs: 120_000,
    maxRows: 1_000,
    columns: [expect.objectContaining({ name: 'member' }), expect.objectContaining({ name: 'adds', type: 'BIGINT' })],
    tables: ['rule_matches'],
  });
});

it('the configuration wins over what the file of a log type says', async () => {
  const config = `import { defineConfig } from 'margay';
export default defineConfig({
  destinations: {},
  logTypes: { 'Acme.One': { retention: '60d' }, 'Okta.SystemLog': { silentAfter: '90m' } },
  tables: { rule_matches: { retention: '400d' } },
});
`;
  const one = `${logType('Acme.One')}retention: 30d\narchive: 7d\nsilentAfter: 1d\n`;
  const root = await contentFolder({ ...soundContent, 'margay.config.ts': config, 'log-types/one.yml': one });
  const { bundle, problems } = await compileContent({ root, types: false });
  expect(problems).toEqual([]);
  const day = 86_400_000;
  expect(bundle?.logTypes.find(({ name }) => name === 'Acme.One')).toMatchObject({
    ...{ retentionMs: 60 * day, archiveMs: 7 * day, silentAfterMs: day },
  });
  const okta = bundle?.logTypes.find(({ name }) => name === 'Okta.SystemLog');
  expect(okta).toMatchObject({ silentAfterMs: 5_400_000 });
  expect(okta).not.toHaveProperty('retentionMs');
  expect(bundle?.retention).toEqual({ rule_matches: 400 * day });
});

it('patches are applied, log types told, and steps put in order of time', async () => {
  const { bundle } = await compileContent({ root: await contentFolder(soundContent), types: false });
  const [matching, other] = bundle?.detections[0]?.tests ?? [];
  expect(matching).toMatchObject({ kind: 'event', logType: 'Okta.SystemLog', log: { target: [{ id: 'u1' }] } });
  expect(other).toMatchObject({ log: { eventType: 'other' }, expect: { match: false } });
  expect(other).not.toHaveProperty('log.target');
  expect(bundle?.detections[1]?.tests[0]).toMatchObject({
    kind: 'timeline',
    now: '2026-02-01T10:00:00.000Z',
    steps: [
      { kind: 'log', atMs: -1_728_000_000, times: 3, everyMs: 86_400_000, sameEvent: false, logType: 'Okta.SystemLog' },
      { kind: 'expect', atMs: 0, expect: { alerts: [{ level: 'medium' }] } },
      { kind: 'log', atMs: 3_600_000, sameEvent: true },
      { kind: 'expect', atMs: 3_600_000, expect: { rows: [{ adds: 3 }] } },
    ],
  });
});

it('the same content is the same bytes, whatever the folder and the ends of lines', async () => {
  const reversed = Object.fromEntries(
    Object.entries(soundContent)
      .reverse()
      .map(([file, text]) => [file, `\uFEFF${text.replaceAll('\n', '\r\n')}`]),
  );
  const [first, second] = await Promise.all(
    [soundContent, reversed].map(async (files) => compileContent({ root: await contentFolder(files), types: false })),
  );
  expect(first?.problems).toEqual([]);
  expect(second?.envelope).toEqual(first?.envelope);
});

it('the same content is the same bytes and problems in whatever order directories list it', async () => {
  const root = await contentFolder({
    ...soundContent,
    ...Object.fromEntries(['a', 'b', 'C', 'd/e', 'd/f'].flatMap(inYamlAndCode)),
    'log-types/one.yml': logType('Acme.One'),
    'log-types/two.yml': logType('Acme.Two'),
  });
  const expected = await compileContent({ root, types: false });
  expect(expected.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat()), async (numbers) => {
      const readDirectory: ReadDirectory = async (path) => shuffled(await readDisk(path), numbers);
      expect(await compileContent({ root, types: false, readDirectory })).toEqual(expected);
    }),
    { numRuns: 5, seed: 1 },
  );
});

function shuffled<T>(items: readonly T[], numbers: Iterator<number>): readonly T[] {
  const keyed = items.map((item) => ({ item, key: Number(numbers.next().value) }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

function inYamlAndCode(id: string): readonly (readonly [string, string])[] {
  const yaml =
    soundContent['detections/adds.yml']?.replace(/^(id|aliases|detection| {2}add| {2}condition):.*\n/gm, '') ?? '';
  const code = `import { detection } from 'margay';
export default detection<'${id}'>({ rule: (event) => event.eventType === '${id}' });
`;
  return [
    [`detections/${id}.yml`, yaml],
    [`detections/${id}.ts`, code],
  ];
}

function logType(name: string): string {
  return `logType: ${name}
description: Made up.
reference: https://docs.example.com
eventTime: time
fields: { time: { type: timestamp } }
`;
}

it('the version of a detection follows its logic and nothing else', async () => {
  const version = async (change: (text: string) => string) => {
    const changed = { ...soundContent, 'detections/adds.yml': change(soundContent['detections/adds.yml'] ?? '') };
    const { bundle } = await compileContent({ root: await contentFolder(changed), types: false });
    return bundle?.detections[0]?.version;
  };
  const before = await version((text) => text);
  expect(await version((text) => text.replace('level: low', 'level: high'))).toBe(before);
  expect(await version((text) => text.replace('eventType: add', 'eventType: added'))).not.toBe(before);
});

it('a log type of the repository needs no reference', async () => {
  const own = logType('Own.Log').replace(/^reference.*\n/m, '');
  const root = await contentFolder({ ...soundContent, 'log-types/own.yml': own });
  const { bundle, problems } = await compileContent({ root, types: false });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(bundle?.logTypes.find(({ name }) => name === 'Own.Log')).not.toHaveProperty('reference');
});

it('findings are told and do not stop the bundle', async () => {
  const { 'detections/adds.yml': adds = '', ...rest } = soundContent;
  const root = await contentFolder({ ...rest, 'detections/adds.yml': adds.replace(/^dedup.*\n/m, '') });
  const { bundle, problems } = await compileContent({ root, types: false });
  expect(problems).toEqual([expect.objectContaining({ code: 'COMPILE_DEDUP_MISSING', severity: 'finding' })]);
  expect(bundle).toBeDefined();
});

it('types are written for what is sound, and left alone when nothing changed', async () => {
  const root = await contentFolder({ ...soundContent, 'detections/broken.yml': 'title: [\n' });
  const problems = await writeTypes(root);
  expect(problems.map(({ code }) => code)).toContain('COMPILE_YAML_INVALID');
  const types = await readFile(join(root, '.margay/types.d.ts'), 'utf8');
  expect(types).toContain('adds');
});

it('outside git there is no commit, and an empty folder has no content', async () => {
  const root = await contentFolder(soundContent);
  const { envelope } = await compileContent({ root, types: false });
  expect(envelope).not.toHaveProperty('commit');
  expect(existsSync(join(root, '.margay'))).toBe(false);
  const { problems } = await compileContent({ root: await contentFolder({}), types: false });
  expect(problems.map(({ code }) => code)).toEqual(['COMPILE_CONTENT_MISSING']);
});
