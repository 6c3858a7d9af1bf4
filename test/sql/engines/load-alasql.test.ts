import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const bundle = fileURLToPath(new URL('../../../framework/dist/sql/alasql/', import.meta.url));

test('the bundle of alasql runs where nothing is installed, and keeps its licence', () => {
  const folder = mkdtempSync(join(tmpdir(), 'margay-alasql-'));
  try {
    copyFileSync(join(bundle, 'alasql.cjs'), join(folder, 'alasql.cjs'));
    const script =
      "const alasql = require('./alasql.cjs'); console.log(JSON.stringify(alasql('SELECT COUNT(*) AS n FROM ?', [[{}, {}]])))";
    expect(execFileSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' })).toBe('[{"n":2}]\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(readFileSync(join(bundle, 'LICENSE'), 'utf8')).toContain('MIT');
});

test('the built package runs queries on the bundle', () => {
  const script = `
    const { openSqlEngines } = await import(${JSON.stringify(new URL('../../../framework/dist/sql/index.js', import.meta.url).href)});
    const engines = await openSqlEngines();
    const tables = [{ name: 't', description: '', key: 'a', replaces: false, time: 'a', columns: [{ name: 'a', type: 'BIGINT' }] }];
    const run = await engines.run({ sql: 'SELECT sum(a) AS s FROM t', tables, rows: new Map([['t', [{ a: 1 }, { a: 2 }]]]), nowMs: 0, engines: 'both' });
    await engines.close();
    const { createRequire } = await import('node:module');
    const loaded = Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes('alasql'));
    console.log(JSON.stringify([run, loaded.every((file) => file.endsWith('dist/sql/alasql/alasql.cjs')), loaded.length]));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(JSON.parse(output)).toEqual([{ rows: [{ s: 3 }], engines: ['duckdb', 'alasql'] }, true, 1]);
});
