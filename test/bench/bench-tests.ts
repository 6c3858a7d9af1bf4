import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestReport } from '../../framework/model/test-report.ts';
import { addFoundingStory, generateContent } from './generate-content.ts';
import { holdAgainstLimits } from './hold-against-limits.ts';

const binary = join(fileURLToPath(new URL('../../framework', import.meta.url)), 'bin/margay.js');
const detectionCount = 1_000;
const runCount = 5;

/** `margay test` as a whole process: start, compile, 3,000 event tests, report. */
function timeEventTests(): { readonly runsMs: readonly number[]; readonly passed: number } {
  const root = generateContent(detectionCount);
  try {
    const runs = Array.from({ length: runCount }, () => runTests(root));
    return { runsMs: runs.map(({ tookMs }) => tookMs), passed: runs.at(-1)?.report.totals.passed ?? 0 };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** What one timeline costs, as each test reports it; the first of a process warms the engines and counts too. */
function timeTimelines(): { readonly durationsMs: readonly number[] } {
  const root = generateContent(0);
  addFoundingStory(root);
  try {
    const reports = Array.from({ length: runCount }, () => runTests(root).report);
    const cases = reports.flatMap(({ files }) => files.flatMap(({ tests }) => tests));
    return { durationsMs: cases.filter(({ kind }) => kind === 'timeline').map(({ durationMs }) => durationMs) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function runTests(root: string): { readonly tookMs: number; readonly report: TestReport } {
  const startedAtMs = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary, 'test', '--json', '--root', root], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  const tookMs = performance.now() - startedAtMs;
  if (status !== 0) throw new Error(`margay test ended with ${status}: ${stderr}${stdout.slice(0, 2_000)}`);
  return { tookMs, report: JSON.parse(stdout) as TestReport };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number) * 10) / 10;
}

const events = timeEventTests();
const timelines = timeTimelines();
const limits = holdAgainstLimits({
  eventTestsMedianMs: quantile(events.runsMs, 0.5),
  timelineP95Ms: quantile(timelines.durationsMs, 0.95),
});
const report = {
  benchmark: 'tests',
  machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version },
  eventTests: {
    detections: detectionCount,
    passed: events.passed,
    runs: runCount,
    medianMs: quantile(events.runsMs, 0.5),
    fastestMs: quantile(events.runsMs, 0),
    slowestMs: quantile(events.runsMs, 1),
  },
  timelines: {
    timed: timelines.durationsMs.length,
    medianMs: quantile(timelines.durationsMs, 0.5),
    p95Ms: quantile(timelines.durationsMs, 0.95),
    slowestMs: quantile(timelines.durationsMs, 1),
  },
  limits,
};
console.log(JSON.stringify(report, null, 2));
if (limits.some(({ isKept }) => !isKept)) process.exitCode = 1;
