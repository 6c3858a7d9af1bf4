import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lintPurity } from '../../../framework/compile/typescript/index.ts';
import { allowedGlobals } from '../../../framework/compile/typescript/purity/allowed-globals.ts';
import { contentGlobals } from '../../../framework/model/content-globals.ts';
import { formatWhere } from '../../../framework/model/margay-error.ts';
import { contentFolder } from './content-folder.ts';

const file = 'detections/a.ts';

/** What the lint says about a file, as `CODE line:col`. */
async function lint(text: string, others: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  const problems = await lintPurity({ root: contentFolder({ [file]: text, ...others }), files: [file] });
  return problems.map(({ code, where }) => `${code} ${where && formatWhere(where).replace(`${file}:`, '')}`);
}

describe('pure code passes', () => {
  it.each([
    [
      "import { detection, ip } from 'margay';\nexport default detection<'a'>({ rule: (event) => ip.isValid(event.x) });",
    ],
    ["import { list } from './lists.ts';\nexport const has = (x: string) => list.includes(x);"],
    ["import data from './data.json';\nexport const has = (x: string) => data.includes(x);"],
    ['export const words = (text: string) => text.split(" ").map(String).filter(Boolean).map(Number);'],
    [
      'export const day = (event: { t: string }) => new Date(event.t).getUTCDay() + Date.parse(event.t) + Date.UTC(2026, 1);',
    ],
    [
      'export const big = (n: number) => Math.max(n, Number.MAX_SAFE_INTEGER) + parseInt("7", 10) + (undefined ?? NaN);',
    ],
    [
      'export function count(names: string[]) { const c: Record<string, number> = {}; for (const n of names) c[n] = (c[n] ?? 0) + 1; return c; }',
    ],
    ['export const at = (list: string[], i: number) => list[i] ?? list["length"];'],
    ['const seen = new Set(["a"]);\nseen.add("b");\nexport const has = (x: string) => seen.has(x);'],
    ['export const local = () => { const list: number[] = []; list.push(1); let n = 0; n += 1; return list.sort(); };'],
    ['const find = /x/i;\nexport const has = (x: string) => find.test(x) && /y/g.test(x);'],
    ['export const own = (process: { env: string }) => process.env;'],
    ['export const field = (event: { process: { name: string } }) => event.process.name;'],
    ['export const fetch = () => 1;\nexport const n = fetch();'],
    ['export const short = (fetch: number) => ({ fetch });'],
    ['export const inner = () => { const eval2 = 1; { const require = eval2; return require; } };'],
    ['type P = Promise<NodeJS.Process>;\nexport interface Q { readonly p: P; prototype: Function }'],
    ['class Odd extends Error {}\nexport const isOdd = (x: unknown) => x instanceof Odd || x instanceof TypeError;'],
    ['export const loop = (n: number) => { outer: for (let i = 0; i < n; i++) { while (true) { break outer; } } };'],
    ['export const args = function () { return arguments.length; };'],
    ['export const tag = { constructor: 1 };'],
  ])('%s', async (text) => {
    expect(
      await lint(text, { 'detections/lists.ts': 'export const list = [];', 'detections/data.json': '[]' }),
    ).toEqual([]);
  });
});

describe('impure code is named, with its place', () => {
  it.each([
    // imports
    ["import fs from 'node:fs';", ['COMPILE_IMPORT_FORBIDDEN 1:16']],
    ["import lodash from 'lodash';", ['COMPILE_IMPORT_FORBIDDEN 1:20']],
    ["import x from 'margay/runtime';", ['COMPILE_IMPORT_FORBIDDEN 1:15']],
    ["import x from '../../outside.ts';", ['COMPILE_IMPORT_FORBIDDEN 1:15']],
    ["import x from '/etc/passwd';", ['COMPILE_IMPORT_FORBIDDEN 1:15']],
    ["import x from '../node_modules/margay/index.ts';", ['COMPILE_IMPORT_FORBIDDEN 1:15']],
    ["import type { Stats } from 'node:fs';", ['COMPILE_IMPORT_FORBIDDEN 1:28']],
    ["export * from 'node:os';", ['COMPILE_IMPORT_FORBIDDEN 1:15']],
    ["export const x = () => import('./b.ts');", ['COMPILE_IMPORT_DYNAMIC 1:24']],
    ['export const x = import.meta.url;', ['COMPILE_IMPORT_DYNAMIC 1:18']],
    ["import fs = require('node:fs');", ['COMPILE_IMPORT_DYNAMIC 1:1']],
    ["export const fs = require('node:fs');", ['COMPILE_GLOBAL_FORBIDDEN 1:19']],
    // globals
    ['export const x = process.env.HOME;', ['COMPILE_GLOBAL_FORBIDDEN 1:18']],
    ['export const x = () => fetch("https://example.com");', ['COMPILE_GLOBAL_FORBIDDEN 1:24']],
    ['export const x = globalThis.Date;', ['COMPILE_GLOBAL_FORBIDDEN 1:18']],
    ['export const x = () => eval("1");', ['COMPILE_GLOBAL_FORBIDDEN 1:24']],
    ['export const x = new Function("return 1");', ['COMPILE_GLOBAL_FORBIDDEN 1:22']],
    ['export const x = () => setTimeout(() => {}, 1);', ['COMPILE_GLOBAL_FORBIDDEN 1:24']],
    [
      'export const x = [crypto, WebAssembly, Atomics, SharedArrayBuffer];',
      [19, 27, 40, 49].map((col) => `COMPILE_GLOBAL_FORBIDDEN 1:${col}`),
    ],
    ['export const x = { process };', ['COMPILE_GLOBAL_FORBIDDEN 1:20']],
    ['declare const process: { env: unknown };\nexport const x = process.env;', ['COMPILE_GLOBAL_FORBIDDEN 2:18']],
    ['export const f = (process: unknown) => process;\nexport const x = process;', ['COMPILE_GLOBAL_FORBIDDEN 2:18']],
    ['export const x = Object.getPrototypeOf({});', ['COMPILE_GLOBAL_FORBIDDEN 1:18']],
    ['const O = Object;', ['COMPILE_GLOBAL_FORBIDDEN 1:11']],
    ['export class X extends Promise<string> {}', ['COMPILE_GLOBAL_FORBIDDEN 1:24']],
    ['export const x = [1].map(parseint);', ['COMPILE_GLOBAL_FORBIDDEN 1:26']],
    // clock, chance, machine
    [
      'export const x = () => Date.now() + Math.random();',
      ['COMPILE_NONDETERMINISTIC 1:24', 'COMPILE_NONDETERMINISTIC 1:37'],
    ],
    [
      'export const x = () => [new Date(), Date(), new Date(2026, 1)];',
      [25, 37, 45].map((col) => `COMPILE_NONDETERMINISTIC 1:${col}`),
    ],
    [
      'export const x = (d: Date) => d.getHours() + d.toLocaleString();',
      ['COMPILE_NONDETERMINISTIC 1:33', 'COMPILE_NONDETERMINISTIC 1:48'],
    ],
    // reflection
    ['export const x = [].constructor;', ['COMPILE_REFLECTION 1:21']],
    ['export const x = (e: any) => e["__proto__"];', ['COMPILE_REFLECTION 1:32']],
    ['export const x = (e: any) => e["con" + "structor"];', ['COMPILE_REFLECTION 1:32']],
    ['const c = "constructor";\nexport const x = (e: any) => e[c];', ['COMPILE_REFLECTION 2:32']],
    ['export const x = (e: any, s: string) => e[`con$' + '{s}`];', ['COMPILE_REFLECTION 1:43']],
    ['export const x = (e: any) => e[["con", "structor"].join("")];', ['COMPILE_REFLECTION 1:32']],
    ['export const x = (e: any, k: string) => e[k]("return 1");', ['COMPILE_REFLECTION 1:41']],
    ['export const x = (e: any) => { const { constructor } = e; return constructor; };', ['COMPILE_REFLECTION 1:40']],
    ['export const x = (e: any) => { const { constructor: C } = e; return C; };', ['COMPILE_REFLECTION 1:40']],
    ['export const x = ({ ["prototype"]: p }: any) => p;', ['COMPILE_REFLECTION 1:21']],
    ['export const x = (e: any) => { let C; ({ constructor: C } = e); return C; };', ['COMPILE_REFLECTION 1:42']],
    ['export const x = { __proto__: { admin: true } };', ['COMPILE_REFLECTION 1:20']],
    // state
    ['let count = 0;', ['COMPILE_MODULE_STATE 1:1']],
    ['export var count = 0;', ['COMPILE_MODULE_STATE 1:1']],
    ['const seen = new Set<string>();\nexport const x = (n: string) => seen.add(n);', ['COMPILE_MODULE_STATE 2:33']],
    ['const state = { n: 0 };\nexport const x = () => { state.n++; };', ['COMPILE_MODULE_STATE 2:26']],
    [
      'const state: any = {};\nexport function x(k: string) { state[k] = 1; delete state.b; }',
      ['COMPILE_MODULE_STATE 2:32', 'COMPILE_MODULE_STATE 2:53'],
    ],
    [
      'const s: any = {};\nexport const x = () => { [s.a, s.b] = [1, 2]; ({ a: s.c } = { a: 1 }); Object.assign(s, {}); };',
      [27, 32, 53, 86].map((col) => `COMPILE_MODULE_STATE 2:${col}`),
    ],
    ["import { list } from './b.ts';\nlist.push('x');", ['COMPILE_MODULE_STATE 2:1']],
    ['Array.from = () => [];', ['COMPILE_MODULE_STATE 1:1']],
    ['const find = /x/g;\nexport const x = (s: string) => find.test(s);', ['COMPILE_MODULE_STATE 2:33']],
    // async
    ['export const x = async () => 1;', ['COMPILE_ASYNC 1:18']],
    [
      'export async function x() { for await (const y of []) await y; }',
      ['COMPILE_ASYNC 1:8', 'COMPILE_ASYNC 1:29', 'COMPILE_ASYNC 1:55'],
    ],
  ])('%s', async (text, expected) => {
    expect(await lint(text, { 'detections/b.ts': 'export const list: string[] = [];' })).toEqual(expected);
  });
});

it('says what was found and what to do instead', async () => {
  const root = contentFolder({
    'margay.config.ts': 'export default process.env.SLACK;\nexport const x = Math.flor(1);\nlocalStorage;',
  });
  expect(await lintPurity({ root, files: ['margay.config.ts'] })).toMatchInlineSnapshot(`
    [
      {
        "code": "COMPILE_GLOBAL_FORBIDDEN",
        "hint": "Settings belong into margay.config.ts: \`env('NAME')\`.",
        "message": "'process' is neither declared here nor a global that content may use.",
        "severity": "error",
        "where": {
          "col": 16,
          "file": "margay.config.ts",
          "line": 1,
        },
      },
      {
        "code": "COMPILE_GLOBAL_FORBIDDEN",
        "hint": "Did you mean \`Math.floor\`?",
        "message": "\`Math.flor\` is not for content.",
        "severity": "error",
        "where": {
          "col": 18,
          "file": "margay.config.ts",
          "line": 2,
        },
      },
      {
        "code": "COMPILE_GLOBAL_FORBIDDEN",
        "hint": "Declare or import it.",
        "message": "'localStorage' is neither declared here nor a global that content may use.",
        "severity": "error",
        "where": {
          "col": 1,
          "file": "margay.config.ts",
          "line": 3,
        },
      },
    ]
  `);
});

it('a link to outside the content root cannot be imported', async () => {
  const outside = contentFolder({ 'secret.ts': 'export const secret = 1;' });
  const root = contentFolder({ [file]: "import { secret } from './link.ts';\nexport const x = secret;" });
  symlinkSync(join(outside, 'secret.ts'), join(root, 'detections/link.ts'));
  const [problem] = await lintPurity({ root, files: [file] });
  expect(problem).toMatchObject({ code: 'COMPILE_IMPORT_FORBIDDEN', message: expect.stringContaining('link') });
});

it('a changed file is judged anew, an absolute path like one below the root', async () => {
  const { writeFileSync } = await import('node:fs');
  const root = contentFolder({ [file]: 'export const x = process;' });
  expect(await lintPurity({ root, files: [join(root, file)] })).toHaveLength(1);
  writeFileSync(join(root, file), 'export const x = 1;');
  expect(await lintPurity({ root, files: [file] })).toEqual([]);
});

it('allows no global that the worker takes away', () => {
  expect([...allowedGlobals.keys()].filter((name) => !(contentGlobals as readonly string[]).includes(name))).toEqual(
    [],
  );
});
