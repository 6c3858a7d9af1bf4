import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FileReport } from '../../../framework/compile/file-report.ts';
import { FixtureStore } from '../../../framework/compile/tests/fixture-store.ts';
import { loadYaml } from '../../../framework/compile/yaml/load-yaml.ts';
import { contentFolder } from '../content/content-folder.ts';

function newReport(): FileReport {
  return new FileReport(loadYaml('detections/a.yml', 'log: x\n').yaml);
}

it('a fixture is read once, and its flaw told once', async () => {
  const root = await contentFolder({ 'fixtures/a.json': '{ "a": 1 }', 'fixtures/b.json': '{\n "a": }' });
  const store = new FixtureStore(root);
  const report = newReport();
  expect(await store.load('fixtures/a.json', report, ['log'])).toBe(
    await store.load('./fixtures/a.json', report, ['log']),
  );
  expect(await store.load('fixtures/b.json', report, ['log'])).toBeUndefined();
  expect(await store.load('fixtures/b.json', report, ['log'])).toBeUndefined();
  expect(report.problems).toEqual([]);
  expect(store.problems).toEqual([
    expect.objectContaining({ code: 'COMPILE_FIXTURE_INVALID', where: { file: 'fixtures/b.json', line: 2, col: 7 } }),
  ]);
  expect(store.files).toEqual(['fixtures/a.json', 'fixtures/b.json']);
});

it.each(['../outside.json', '/etc/hostname', 'fixtures/../../outside.json', 'fixtures\\a.json', 'link/hostname'])(
  'the fixture %s does not leave the root',
  async (file) => {
    const root = await contentFolder({ 'fixtures/a.json': '{}' });
    await writeFile(join(root, '../outside.json'), '{}');
    await symlink('/etc', join(root, 'link'));
    const report = newReport();
    expect(await new FixtureStore(root).load(file, report, ['log'])).toBeUndefined();
    expect(report.problems.map(({ code }) => code)).toEqual(['COMPILE_FIXTURE_MISSING']);
  },
);

it('a folder is no fixture', async () => {
  const root = await contentFolder({});
  await mkdir(join(root, 'fixtures'));
  const store = new FixtureStore(root);
  expect(await store.load('fixtures', newReport(), ['log'])).toBeUndefined();
  expect(store.problems.map(({ code }) => code)).toEqual(['COMPILE_FILE_UNREADABLE']);
});
