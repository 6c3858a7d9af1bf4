import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { bundleCode } from '../../../framework/compile/typescript/index.ts';
import { formatWhere } from '../../../framework/model/margay-error.ts';
import { contentFolder } from './content-folder.ts';

const simple = (id: string, body = "rule: (event) => event.x === 'a'"): string =>
  `import { detection } from 'margay';\n\nexport default detection<'${id}'>({ ${body} });\n`;

const entriesOf = (files: Readonly<Record<string, string>>) =>
  Object.keys(files)
    .filter((file) => !/\/_|json$/.test(file))
    .map((file) => ({ id: file.replace('detections/', '').replace('.ts', ''), file }));

const bundle = (files: Readonly<Record<string, string>>) =>
  bundleCode({ root: contentFolder(files), entries: entriesOf(files) });

async function problemsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { code, problems } = await bundle(files);
  expect(code).toBe('');
  return problems.map(({ code, where }) => `${code} ${where ? formatWhere(where) : ''}`);
}

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

describe('what cannot be bundled is named, with its place', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'a syntax error',
      { 'detections/a.ts': simple('a', 'rule: (event => 1') },
      ['COMPILE_CODE_SYNTAX detections/a.ts:3:51'],
    ],
    [
      'no default export',
      { 'detections/a.ts': 'export const x = 1;' },
      ['COMPILE_DETECTION_EXPORT detections/a.ts:1:1'],
    ],
    [
      'an object alone',
      { 'detections/a.ts': 'export default { rule: () => true };' },
      ['COMPILE_DETECTION_EXPORT detections/a.ts:1:16'],
    ],
    [
      'a function of the same name',
      { 'detections/a.ts': "const detection = <T>(x: T) => x;\nexport default detection<'a'>({ rule: () => true });" },
      ['COMPILE_DETECTION_EXPORT detections/a.ts:2:16'],
    ],
    [
      'functions from elsewhere',
      { 'detections/a.ts': "import { detection } from 'margay';\nconst f = {};\nexport default detection<'a'>(f);" },
      ['COMPILE_DETECTION_EXPORT detections/a.ts:3:31'],
    ],
    ['the id of another', { 'detections/a.ts': simple('b') }, ['COMPILE_DETECTION_ID detections/a.ts:3:26']],
    ['no id', { 'detections/a.ts': simple('a').replace("<'a'>", '') }, ['COMPILE_DETECTION_ID detections/a.ts:3:16']],
    [
      'an unknown function',
      { 'detections/a.ts': simple('a', 'rul: () => true') },
      ['COMPILE_FUNCTION_UNKNOWN detections/a.ts:3:33'],
    ],
    [
      'no functions',
      { 'detections/a.ts': simple('a', "rule: 'yes', title: undefined, level: [1]") },
      [33, 46, 64].map((col) => `COMPILE_FUNCTION_INVALID detections/a.ts:3:${col}`),
    ],
    [
      'hidden functions',
      { 'detections/a.ts': simple('a', "...{}, ['rule']: () => true, get title() { return 1; }") },
      [33, 40, 62].map((col) => `COMPILE_FUNCTION_INVALID detections/a.ts:3:${col}`),
    ],
    [
      'an import of nothing',
      { 'detections/a.ts': `import { x } from './list.ts';\n${simple('a')}`, 'detections/_lists.ts': '' },
      ['COMPILE_IMPORT_UNRESOLVED detections/a.ts:1:19'],
    ],
    [
      'an export that is not there',
      {
        'detections/a.ts': `import { lst } from './_list.ts';\n${simple('a', 'rule: () => lst')}`,
        'detections/_list.ts': 'export const list = 1;',
      },
      ['COMPILE_IMPORT_UNRESOLVED detections/a.ts:1:10'],
    ],
    [
      'JSON that is none',
      {
        'detections/a.ts': `import x from './x.json';\n${simple('a', 'rule: () => x')}`,
        'detections/x.json': '{\n "ż": ?',
      },
      ['COMPILE_CODE_SYNTAX detections/x.json:2:7'],
    ],
    [
      'a circle',
      {
        'detections/a.ts': `import { b } from './_b.ts';\n${simple('a', 'rule: () => b')}`,
        'detections/_b.ts': "import { c } from './_c.ts';\nexport const b = () => c;",
        'detections/_c.ts':
          "import { b } from './_b.ts';\nimport type { D } from './_d.ts';\nexport const c = (d: D) => b;",
        'detections/_d.ts': "import type { b } from './_b.ts';\nexport type D = typeof b;",
      },
      ['COMPILE_IMPORT_CYCLE detections/_c.ts:1:19'],
    ],
    [
      'files that throw when they are loaded, each',
      {
        'detections/a.ts': `const table = JSON.parse('{');\n${simple('a', 'rule: () => table')}`,
        'detections/b.ts': `import { n } from './_n.ts';\n${simple('b', 'rule: () => n')}`,
        'detections/c.ts': simple('c'),
        'detections/_n.ts': '\n\nconst x: null | { y: 1 } = null;\nexport const n = (x as never as { y: 1 }).y;',
      },
      ['COMPILE_CODE_THREW detections/a.ts:1:20', 'COMPILE_CODE_THREW detections/_n.ts:4:43'],
    ],
    [
      'code nested without end',
      { 'detections/a.ts': simple('a', `rule: () => ${'('.repeat(5_000)}1${')'.repeat(5_000)}`) },
      ['COMPILE_CODE_SYNTAX detections/a.ts:1:1'],
    ],
    [
      'code nested too deeply',
      { 'detections/a.ts': simple('a', `rule: () => ${'1+'.repeat(600)}1 > 0`) },
      ['COMPILE_CODE_SYNTAX detections/a.ts:1:1'],
    ],
    [
      'a file that is too large',
      { 'detections/a.ts': `/* ${'x'.repeat(1_100_000)} */\n${simple('a')}` },
      ['COMPILE_FILE_TOO_LARGE detections/a.ts:1:1'],
    ],
    [
      'a file that does not end',
      { 'detections/a.ts': `for (;;) {}\n${simple('a')}` },
      ['COMPILE_CODE_THREW detections/a.ts:1:1'],
    ],
  ])('%s', async (_, files, expected) => {
    expect(await problemsOf(files)).toEqual(expected);
  });

  it('all at once, with what to write', async () => {
    const { problems } = await bundle({
      'detections/a.ts': simple('c', 'rul: () => 1'),
      'detections/b.ts': 'export default 1;',
    });
    expect(problems.map(({ message, hint }) => [message, hint])).toMatchInlineSnapshot(`
      [
        [
          "The type argument of \`detection\` is the id of its file, 'a', and here it is \`'c'\`.",
          "Did you mean 'a'?",
        ],
        [
          "'rul' is no function of a detection.",
          "Did you mean 'rule'?",
        ],
        [
          "The default export is something else; a call of \`detection\` from margay was expected.",
          "Write \`export default detection<'b'>({ rule: (event) => … });\`.",
        ],
      ]
    `);
  });

  it('impure code is not run', async () => {
    const root = contentFolder({});
    const file = join(root, 'detections/a.ts');
    mkdirSync(dirname(file));
    writeFileSync(file, `const trap = [].constructor.constructor('throw new Error("ran")');\ntrap();\n${simple('a')}`);
    expect(await bundleCode({ root, entries: [{ id: 'a', file }] })).toMatchObject({ code: '', problems: [] });
    writeFileSync(file, `import 'node:fs';\n${simple('a')}`);
    expect(await bundleCode({ root, entries: [{ id: 'a', file }] })).toMatchObject({ code: '', problems: [] });
  });
});
