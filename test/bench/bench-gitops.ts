import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { compileContent } from '../../framework/compile/index.ts';
import type { BundleEnvelope } from '../../framework/model/bundle.ts';
import type { Plan } from '../../framework/model/plan.ts';
import { generateContent } from './generate-content.ts';
import { type Goal, isReached, median } from './lake/bench-part.ts';
import { type BenchRuntime, startBenchRuntime } from './lake/bench-runtime.ts';
import { createSender } from './lake/send-batches.ts';

const binary = fileURLToPath(new URL('../../framework/bin/margay.js', import.meta.url));
const detectionCount = 2_000;
const runCount = 5;
const fixture = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../fixtures/okta/session-start.json', import.meta.url)), 'utf8'),
) as Record<string, unknown>;

/** A repository of generated detections that are live, and what a runtime makes of its changes. */
interface Bench {
  readonly root: string;
  readonly caches: string;
  readonly runtime: BenchRuntime;
}

/** `margay plan` as a whole process. @returns Milliseconds. */
function timePlan({ root, caches, runtime }: Bench): number {
  const args = ['plan', '--no-tests', '--json', '--root', root, '--url', runtime.url];
  const env = { PATH: process.env.PATH, HOME: caches, XDG_CACHE_HOME: caches };
  const startedAtMs = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary, ...args], {
    ...{ encoding: 'utf8', env, maxBuffer: 256 * 1024 * 1024 },
  });
  const tookMs = performance.now() - startedAtMs;
  if (status !== 0) throw new Error(`margay plan ended with ${status}: ${stderr}${stdout.slice(0, 2_000)}`);
  const { items } = JSON.parse(stdout) as Plan;
  if (items.length !== 1) throw new Error(`The plan has ${items.length} changes instead of one.`);
  return tookMs;
}

/** Has a detection look for another user. */
function changeDetection(root: string, user: string): void {
  const file = join(root, 'detections/generated/detection-0001.yml');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/[\w]+\.example\.com/g, `${user}.example.com`));
}

/** From the request of a publish to an alert that only the new bundle raises. @returns Milliseconds. */
async function timePublish({ root, runtime }: Bench, user: string): Promise<number> {
  const { envelope } = await compileContent({ root, types: false });
  const { serial } = await runtime.client.live();
  const send = createSender(runtime.url, 1);
  const event = {
    ...{ ...fixture, uuid: user, eventType: 'policy.lifecycle.update', published: new Date().toISOString() },
    actor: { ...(fixture.actor as object), alternateId: `dana@${user}.example.com` },
    client: { ...(fixture.client as object), ipAddress: '192.0.2.7' },
  };
  const startedAtMs = performance.now();
  await runtime.client.publish(envelope as BundleEnvelope, serial, { allowMissingSecrets: true });
  await send(user, Buffer.from(JSON.stringify(event)));
  while (!(await hasAlert(runtime, user))) await sleep(5);
  return performance.now() - startedAtMs;
}

async function hasAlert({ client }: BenchRuntime, user: string): Promise<boolean> {
  const { alerts } = await client.alerts({ limit: 20 });
  return alerts.some(({ title }) => title.includes(user));
}

function figuresOf(runsMs: readonly number[]) {
  const ms = runsMs.map(Math.round);
  return { medianMs: median(ms), fastestMs: Math.min(...ms), slowestMs: Math.max(...ms), runs: ms.length };
}

async function measure() {
  const root = generateContent(detectionCount);
  const caches = mkdtempSync(join(tmpdir(), 'margay-bench-cache-'));
  const runtime = await startBenchRuntime();
  const bench = { root, caches, runtime };
  try {
    const { envelope } = await compileContent({ root });
    const { serial } = await runtime.client.live();
    await runtime.client.publish(envelope as BundleEnvelope, serial, {
      ...{ allowMissingSecrets: true, allowRemovals: 1_000 },
    });
    const [first, again, publish]: number[][] = [[], [], []];
    for (let run = 0; run < runCount; run++) {
      rmSync(join(caches, 'margay'), { recursive: true, force: true });
      changeDetection(root, `first${run}`);
      first?.push(timePlan(bench));
      changeDetection(root, `again${run}`);
      again?.push(timePlan(bench));
      publish?.push(await timePublish(bench, `again${run}`));
    }
    return { plan: figuresOf(first ?? []), planAgain: figuresOf(again ?? []), publish: figuresOf(publish ?? []) };
  } finally {
    await runtime.close();
    for (const folder of [root, caches]) rmSync(folder, { recursive: true, force: true });
  }
}

const { plan, planAgain, publish } = await measure();
const goals: readonly Goal[] = [
  { name: 'margay plan of a change, nothing known from before, ms', measured: plan.medianMs, atMost: 5_000 },
  { name: 'margay plan again after a change of one file, ms', measured: planAgain.medianMs, atMost: 1_000 },
  { name: 'from a publish to the first alert of the new bundle, ms', measured: publish.medianMs, atMost: 3_000 },
];
const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, load: loadavg().map(Math.round) };
const held = goals.map((goal) => ({ ...goal, isReached: isReached(goal) }));
const report = { benchmark: 'gitops', machine, detections: detectionCount, plan, planAgain, publish, goals: held };
console.log(JSON.stringify(report, null, 2));
if (held.some((goal) => !goal.isReached)) process.exitCode = 1;
