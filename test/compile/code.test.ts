import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { compileContent } from '../../framework/compile/index.ts';
import { contentFolder } from './content/content-folder.ts';
import { soundContent } from './sound-content.ts';

const yaml = `title: In code
logTypes: [Okta.SystemLog]
context: { who: { type: string } }
tests:
  - { name: an add, log: fixtures/add.json, expect: { match: true } }
  - { name: no target, log: fixtures/add.json, without: [target], expect: { match: false } }
`;

async function compileWith(code: string) {
  const files = { ...soundContent, 'detections/code.yml': yaml, 'detections/code.ts': code };
  return compileContent({ root: await contentFolder(files), types: false });
}

it('TypeScript may say what a detection looks for, what belongs together and what the context is', async () => {
  const { bundle, problems, files } = await compileWith(`import { detection } from 'margay';

export default detection<'code'>({
  rule: (event) => event.target !== undefined,
  dedup: (event) => String(event.uuid),
  context: (event) => ({ who: String(event.uuid) }),
});
`);
  expect(problems).toEqual([]);
  expect(bundle?.detections.find(({ id }) => id === 'code')?.functions).toEqual(['rule', 'dedup', 'context']);
  expect(bundle?.code).toContain('uuid');
  expect(files).toContain('detections/code.ts');
});

it('TypeScript that cannot be read is told once, and nothing is concluded from what it lacks', async () => {
  const { problems, bundle } = await compileWith('export default detection<');
  expect(bundle).toBeUndefined();
  expect(new Set(problems.map(({ where }) => where?.file))).toEqual(new Set(['detections/code.ts']));
});

it('a change of code is a change of version', async () => {
  const version = async (uuid: string) => {
    const { bundle } = await compileWith(`import { detection } from 'margay';
export default detection<'code'>({
  rule: (event) => event.uuid === '${uuid}',
  dedup: () => 'all',
  context: () => ({ who: 'x' }),
});
`);
    return bundle?.detections.find(({ id }) => id === 'code')?.version;
  };
  expect(await version('1')).toBe(await version('1'));
  expect(await version('1')).not.toBe(await version('2'));
});

it('a broken configuration is not held against the destinations that content names', async () => {
  const adds = soundContent['detections/adds.yml']?.replace('destinations: []', 'destinations: [slack]') ?? '';
  const files = { ...soundContent, 'detections/adds.yml': adds };
  const broken = await compileContent({
    root: await contentFolder({ ...files, 'margay.config.ts': 'export default 3;\n' }),
    types: false,
  });
  expect(broken.problems.map(({ where }) => where?.file)).toEqual(['margay.config.ts']);
  const absent = await compileContent({ root: await contentFolder(files), types: false });
  expect(absent.problems.map(({ code }) => code)).toEqual(['COMPILE_DESTINATION_UNKNOWN']);
});

it('in git the envelope names the commit, and the bundle does not', async () => {
  const root = await contentFolder(soundContent);
  const outside = await compileContent({ root, types: false });
  const git = (...args: readonly string[]) => execFileSync('git', [...args], { cwd: root, encoding: 'utf8' }).trim();
  git('init', '--quiet');
  git('-c', 'user.name=A', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--allow-empty', '-m', 'First');
  const inside = await compileContent({ root, types: false });
  expect(inside.envelope?.commit).toBe(git('rev-parse', 'HEAD'));
  expect(inside.envelope?.digest).toBe(outside.envelope?.digest);
});
