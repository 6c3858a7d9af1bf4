import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { bundleCode } from '../../../framework/compile/typescript/index.ts';
import { bundle, entriesOf, simple } from './bundle-files.ts';
import { contentFolder } from './content-folder.ts';

/** Runs a bundle as a runtime would, with nothing around it. */
function run(code: string): Record<string, Record<string, (event: unknown) => unknown>> {
  const context = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } });
  return runInContext(code, context);
}

const story = {
  'detections/okta/admin.ts': `import { detection, ip } from 'margay';
import { trusted } from '../_lists.ts';

/** Only this one uses the list. */
const isTrusted = (address: unknown): boolean => ip.inCidr(address, ...trusted);

export default detection<'okta/admin'>({
  rule: (event) => !isTrusted(event.client?.ipAddress),
  level: () => 'high',
  title(event) {
    return \`Admin \${event.actor?.alternateId}
from outside\`;
  },
});
`,
  'detections/okta/other.ts': simple('okta/other'),
  'detections/_lists.ts': "export const trusted = ['10.0.0.0/8'];\nexport const unused = ['a'];\n",
};

describe('a bundle', () => {
  it('is a script whose value maps each id to its functions', async () => {
    const { code, detections, problems, files } = await bundle(story);
    expect(problems).toEqual([]);
    expect([...detections].map(([id, { functions }]) => [id, functions])).toEqual([
      ['okta/admin', ['rule', 'title', 'level']],
      ['okta/other', ['rule']],
    ]);
    expect(files).toEqual(['detections/_lists.ts', 'detections/okta/admin.ts', 'detections/okta/other.ts']);
    const admin = run(code)['okta/admin'];
    expect(admin?.rule?.({ client: { ipAddress: '10.1.1.1' } })).toBe(false);
    expect(admin?.rule?.({ client: { ipAddress: '192.0.2.1' } })).toBe(true);
    expect(admin?.title?.({ actor: { alternateId: 'a@example.com' } })).toBe('Admin a@example.com\nfrom outside');
  });

  it('is strict code, holds readable names, neither eval nor an absolute path', async () => {
    const files = {
      ...story,
      'detections/strict.ts': simple('strict', 'rule: (event) => { event.x = 1; return true; }'),
    };
    const { code } = await bundle(files);
    expect(() => run(code).strict?.rule?.(Object.freeze({ x: 0 }))).toThrow('read only');
    expect(code).toContain('isTrusted');
    expect(code).not.toMatch(/\beval\b|\bFunction\b|\bimport\b|\brequire\b|\r/);
    expect(code).not.toMatch(/(["'` ]|\/\/ )(\/|\.\.\/|[A-Z]:\\)\w/);
  });

  it('is the same from any folder, in any order, from CRLF, and from the built package', async () => {
    const here = await bundle(story);
    const reversed = Object.fromEntries(Object.entries(story).reverse());
    const crlf = Object.fromEntries(Object.entries(story).map(([file, text]) => [file, text.replaceAll('\n', '\r\n')]));
    const built = pathToFileURL(join(import.meta.dirname, '../../../framework/dist/compile/typescript/index.js')).href;
    const fromDist = (await import(built)) as { bundleCode: typeof bundleCode };
    const root = contentFolder(story);
    for (const other of [
      await bundle(reversed),
      await bundle(crlf),
      await fromDist.bundleCode({ root, entries: entriesOf(story).reverse() }),
      await bundleCode({ root, entries: entriesOf(story).map(({ id, file }) => ({ id, file: join(root, file) })) }),
    ]) {
      expect(other.code).toBe(here.code);
      expect(new Map(other.detections)).toEqual(new Map(here.detections));
    }
  });

  it('is not changed by what stands around the content', async () => {
    const here = await bundle(story);
    const root = contentFolder({
      ...story,
      'package.json': '{ "sideEffects": false, "imports": { "#x": "./y.js" } }',
      'tsconfig.json': '{ "compilerOptions": { "target": "es5", "paths": { "margay": ["./evil.ts"] } } }',
      'evil.ts': 'export const detection = 1;',
      'node_modules/margay/index.js': 'export const detection = 1;',
    });
    expect((await bundleCode({ root, entries: entriesOf(story) })).code).toBe(here.code);
  });

  it('of nothing is empty', async () => {
    expect(await bundleCode({ root: contentFolder({}), entries: [] })).toMatchObject({ code: '', problems: [] });
  });

  it('holds JSON that is imported', async () => {
    const { code, problems } = await bundle({
      'detections/a.ts': `import list from './list.json';\n${simple('a', 'rule: (event) => list.includes(event.x)')}`,
      'detections/list.json': '["b"]',
    });
    expect(problems).toEqual([]);
    expect(run(code).a?.rule?.({ x: 'b' })).toBe(true);
  });
});

describe('the digest of a detection', () => {
  const digests = async (files: Readonly<Record<string, string>>) => {
    const { detections, problems } = await bundle(files);
    expect(problems).toEqual([]);
    return { admin: detections.get('okta/admin')?.digest, other: detections.get('okta/other')?.digest };
  };
  const change = (file: keyof typeof story, from: string, to: string) => ({
    ...story,
    [file]: story[file].replace(from, to),
  });

  it('changes with its own code and with what it imports, and nothing else', async () => {
    const before = await digests(story);
    expect(before.admin).toMatch(/^sha256:[0-9a-f]{64}$/);
    const ownCode = await digests(change('detections/okta/admin.ts', "'high'", "'low'"));
    const shared = await digests(change('detections/_lists.ts', '10.0.0.0/8', '10.0.0.0/9'));
    const unused = await digests(change('detections/_lists.ts', "'a'", "'b'"));
    const elsewhere = await digests(change('detections/okta/other.ts', "'a'", "'b'"));
    expect(ownCode).toEqual({ admin: expect.not.stringMatching(before.admin as string), other: before.other });
    expect(shared).toEqual({ admin: expect.not.stringMatching(before.admin as string), other: before.other });
    expect(unused).toEqual(before);
    expect(elsewhere).toEqual({ admin: before.admin, other: expect.not.stringMatching(before.other as string) });
  });

  it('is the same after other comments, blanks, quotes and types', async () => {
    const before = await digests(story);
    for (const [from, to] of [
      ['/** Only this one uses the list. */', '// Another comment.'],
      ['level: () =>', 'level:   ()=>\n\n '],
      ["() => 'high'", '() => "high"'],
      ['(address: unknown): boolean', '(address)'],
    ] as const) {
      expect(await digests(change('detections/okta/admin.ts', from, to))).toEqual(before);
    }
  });

  it('follows the code to another file', async () => {
    const before = await bundle(story);
    const { 'detections/okta/other.ts': other, ...rest } = story;
    const after = await bundle({ ...rest, 'detections/aws/moved.ts': other.replace('okta/other', 'aws/moved') });
    expect(after.detections.get('aws/moved')?.digest).toBe(before.detections.get('okta/other')?.digest);
  });
});
