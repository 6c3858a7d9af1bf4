import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleCode } from '../../../framework/compile/typescript/index.ts';
import { formatWhere } from '../../../framework/model/margay-error.ts';
import { bundle, simple } from './bundle-files.ts';
import { contentFolder } from './content-folder.ts';

async function problemsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { code, problems } = await bundle(files);
  expect(code).toBe('');
  return problems.map(({ code, where }) => `${code} ${where ? formatWhere(where) : ''}`);
}

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
