import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { compileCondition, parseDetection, printCondition } from '../../../framework/match/index.ts';
import type { Condition } from '../../../framework/model/condition.ts';
import type { LogType } from '../../../framework/model/log-type.ts';
import { EventSql } from './load-events.ts';
import { eventsOf } from './random-log-type.ts';

/** A folder with SigmaHQ's rules as `sigma-rules-*.tar.gz` and events as `events/*.ndjson.gz`. */
const folder = process.env.MARGAY_BENCH;
/** How many events of each file. */
const eventCount = Number(process.env.MARGAY_BENCH_EVENTS ?? 2_000);

/** Declares nothing: all fields are in `p_extra`. */
const freeForm: LogType = {
  name: 'Bench.Free',
  table: 'bench_free',
  description: '',
  reference: '',
  logsources: [],
  eventTime: 'margay_time',
  fields: {},
  model: {},
};

interface Rule {
  readonly name: string;
  readonly condition: Condition;
}

test.skipIf(folder === undefined)(
  "stream and SQL give the same matches for SigmaHQ's rules (set MARGAY_BENCH to their folder)",
  { timeout: 3_600_000 },
  async () => {
    const { rules, refused } = readRules(folder as string);
    const sql = await EventSql.open();
    const totals: Record<string, number> = {};
    const different: string[] = [];
    for (const file of readdirSync(join(folder as string, 'events'))) {
      const events = eventsOf(readRecords(join(folder as string, 'events', file)), freeForm);
      await sql.load(events, freeForm);
      let matches = 0;
      for (const { name, condition } of rules) {
        const holds = compileCondition(condition);
        const expected = events
          .filter(holds)
          .map((event) => event.p_row_id)
          .sort();
        const printed = printCondition(condition, freeForm);
        const found = new Set(await sql.select(printed.sql, freeForm));
        matches += expected.length;
        const agree = printed.isExact ? found.size === expected.length : found.size >= expected.length;
        if (!agree || expected.some((id) => !found.has(id)))
          different.push(`${file} ${name}: stream ${expected.length}, SQL ${found.size}`);
      }
      totals[file] = matches;
    }
    await sql.close();
    const inexact = rules.filter(({ condition }) => !printCondition(condition, freeForm).isExact);
    process.stdout.write(
      `${JSON.stringify({ rules: rules.length, refused: refused.length, inexact: inexact.length, eventCount, matches: totals, different: different.length }, null, 2)}\n${refused.join('\n')}\n`,
    );
    expect(different).toEqual([]);
    expect(rules.length).toBeGreaterThan(3_000);
    expect(Object.values(totals).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  },
);

function readRules(directory: string): { readonly rules: readonly Rule[]; readonly refused: readonly string[] } {
  const archive = readdirSync(directory).find((name) => name.startsWith('sigma-rules-')) as string;
  const target = mkdtempSync(join(tmpdir(), 'margay-sigma-'));
  execFileSync('tar', ['xzf', join(directory, archive), '-C', target]);
  const rules: Rule[] = [];
  const refused: string[] = [];
  for (const path of readdirSync(target, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!path.endsWith('.yml')) continue;
    const { detection } = parse(readFileSync(join(target, path), 'utf8')) as { readonly detection: unknown };
    const { condition, problems } = parseDetection(detection);
    const errors = problems.filter(({ severity }) => severity === 'error');
    if (condition) rules.push({ name: path, condition });
    else refused.push(`${path}: ${errors.map(({ code, message }) => `${code} ${message}`).join(' ')}`);
  }
  void rm(target, { recursive: true });
  return { rules, refused };
}

function readRecords(path: string): readonly unknown[] {
  const lines = gunzipSync(readFileSync(path)).toString().split('\n', eventCount);
  return lines
    .filter((line) => line !== '')
    .map((line) => ({ ...JSON.parse(line), margay_time: '2026-01-01T00:00:00Z' }));
}
