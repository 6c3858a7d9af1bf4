import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { compileContent, openCache } from '../../../framework/compile/index.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const nowMs = Date.now();

/** The content of this repository, copied; a cache folder of its own. */
function copyContent() {
  const root = mkdtempSync(join(tmpdir(), 'margay-cached-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const part of ['detections', 'scheduled-queries', 'lookups', 'fixtures', 'margay.config.ts', 'package.json'])
    cpSync(join(repository, part), join(root, part), { recursive: true });
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  const caches = mkdtempSync(join(tmpdir(), 'margay-caches-'));
  vi.stubEnv('XDG_CACHE_HOME', caches);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(caches, { recursive: true, force: true });
  });
  const cacheFiles = () => readdirSync(join(caches, 'margay')).map((name) => join(caches, 'margay', name));
  const edit = (file: string, change: (text: string) => string) => {
    const path = join(root, file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  };
  return { root, cacheFiles, edit };
}

/** Compiles with what is known from before, and holds the result against one without. */
async function compileBoth(root: string) {
  const cached = await compileContent({ root, cache: await openCache(root, Date.now()) });
  expect(cached).toEqual(await compileContent({ root }));
  return cached;
}

it('content gives the same with what is known from before as without, before and after changes of any kind', async () => {
  const { root, edit } = copyContent();
  const first = await compileBoth(root);
  expect(first.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect((await compileBoth(root)).envelope).toEqual(first.envelope);
  const yaml = first.files.find((file) => /^detections\/.*\.yml$/.test(file)) as string;
  edit(yaml, (text) => text.replace(/^title: .*$/m, 'title: Another title'));
  const titled = await compileBoth(root);
  expect(titled.envelope?.digest).not.toBe(first.envelope?.digest);
  edit(yaml, (text) => `${text}\nnonsense: 1\n`);
  const broken = await compileBoth(root);
  expect(broken.problems).toContainEqual(expect.objectContaining({ code: 'COMPILE_KEY_UNKNOWN' }));
  expect(broken.bundle).toBeUndefined();
  edit(yaml, (text) => text.replace('\nnonsense: 1\n', ''));
  expect((await compileBoth(root)).envelope?.digest).toBe(titled.envelope?.digest);
  edit('margay.config.ts', (text) => text.replace('export default', 'const unused: number = "text";\nexport default'));
  const mistyped = await compileBoth(root);
  expect(mistyped.problems).toContainEqual(expect.objectContaining({ code: 'COMPILE_TYPE_ERROR' }));
  expect((await compileBoth(root)).problems).toEqual(mistyped.problems);
}, 120_000);

it('a changed helper, and a file that an import now finds first, reach the detections that import them', async () => {
  const { root } = copyContent();
  const folder = join(root, 'detections/lab');
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(root, 'lib/words'), { recursive: true });
  const helper = (text: string) => `export const words = (): string => '${text}';\n`;
  writeFileSync(
    join(folder, 'one.yml'),
    [
      'title: One',
      'level: low',
      'logTypes: [Okta.SystemLog]',
      'detection: { a: { eventType: user.session.start }, condition: a }',
      'tests: []',
    ].join('\n'),
  );
  writeFileSync(
    join(folder, 'one.ts'),
    "import { detection } from 'margay';\nimport { words } from '../../lib/words';\nexport default detection<'lab/one'>({ title: () => words() });\n",
  );
  writeFileSync(join(root, 'lib/words/index.ts'), helper('first'));
  const codeOf = async () => {
    const { bundle, problems } = await compileBoth(root);
    return bundle?.code ?? problems;
  };
  expect(await codeOf()).toContain('first');
  writeFileSync(join(root, 'lib/words/index.ts'), helper('second'));
  expect(await codeOf()).toContain('second');
  expect(await codeOf()).toContain('second');
  writeFileSync(join(root, 'lib/words.ts'), helper('third'));
  expect(await codeOf()).toContain('third');
}, 120_000);

it('a damaged cache is as none, and those of repositories that nobody works on go away', async () => {
  const { root, cacheFiles } = copyContent();
  const first = await compileBoth(root);
  const [file] = cacheFiles() as [string];
  writeFileSync(file, 'damaged');
  expect((await compileBoth(root)).envelope).toEqual(first.envelope);
  const whole = readFileSync(file);
  writeFileSync(file, whole.fill(0, Math.floor(whole.length / 2)));
  expect((await compileBoth(root)).envelope).toEqual(first.envelope);
  const other = `${file}.left`;
  writeFileSync(other, '');
  const longAgo = new Date(nowMs - 31 * 24 * 3_600_000);
  utimesSync(other, longAgo, longAgo);
  await compileBoth(root);
  expect(cacheFiles()).toEqual([file]);
}, 120_000);
