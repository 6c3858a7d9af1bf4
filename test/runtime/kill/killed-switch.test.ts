import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, type RuntimeClient } from '../../../framework/cli/client.ts';
import type { BundleEnvelope } from '../../../framework/model/bundle.ts';
import { canonicalJson } from '../../../framework/model/canonical-json.ts';
import { systemClock } from '../../../framework/model/clock.ts';
import { sha256Digest } from '../../../framework/model/stable-id.ts';
import { startRuntime } from '../../../framework/runtime/start-runtime.ts';
import { sampleBundle, sampleDetection } from '../detect/sample-bundle.ts';
import { killRuntime } from './killable-runtime.ts';

const [first, second, third] = ['first', 'second', 'third'].map(pack) as [
  BundleEnvelope,
  BundleEnvelope,
  BundleEnvelope,
];
/** More than any of the operations takes; each case asks until one goes through without its kill. */
const maxSteps = 12;

let folder: string;
let copies = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-killed-switch-'));
  await prepare('published', async () => {});
  await prepare('rolled-back', async (client) => void (await client.rollback({ reason: 'before' })));
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Operation {
  readonly name: string;
  /** What it starts from. */
  readonly from: 'published' | 'rolled-back';
  readonly run: (client: RuntimeClient, serial: number) => Promise<unknown>;
  /** What holds once it is done. */
  readonly done: { readonly digest: string; readonly serial: number; readonly frozen: string | null };
  readonly steps: number;
}

const operations: readonly Operation[] = [
  {
    ...{ name: 'publish', from: 'published', steps: 3 },
    run: (client, serial) => client.publish(third, serial, { allowRemovals: 9 }),
    done: { digest: third.digest, serial: 3, frozen: null },
  },
  {
    ...{ name: 'rollback', from: 'published', steps: 3 },
    run: (client) => client.rollback({ reason: 'late' }),
    done: { digest: first.digest, serial: 3, frozen: 'late' },
  },
  {
    ...{ name: 'resume', from: 'rolled-back', steps: 1 },
    run: (client) => client.resume(),
    done: { digest: first.digest, serial: 3, frozen: null },
  },
];

it.each(operations.flatMap((operation) => (['before', 'after'] as const).map((when) => ({ ...operation, when }))))(
  'a $name killed $when each of its durable steps is done or not, and pointer, hold, history and audit agree',
  async ({ name, from, run, done, steps, when }) => {
    let kills = 0;
    for (let step = 1; step <= maxSteps; step++) {
      const directory = join(folder, `copy-${copies++}`);
      cpSync(join(folder, from), directory, { recursive: true });
      const victim = await start(directory);
      const { serial } = await victim.client.live();
      await arm(victim.process, { step, when });
      const isAnswered = await run(victim.client, serial).then(
        () => true,
        () => false,
      );
      await killRuntime(victim);
      const survivor = await start(directory);
      const found = await describe(survivor.client);
      expect(found.audit, `${when} step ${step}`).toEqual(found.expectedAudit);
      const isDone = found.serial === done.serial && found.frozen === done.frozen;
      if (isAnswered) expect(isDone, `answered, ${when} step ${step}`).toBe(true);
      // What was not done goes through now: nothing of it stands in the way.
      if (!isDone) await run(survivor.client, found.serial);
      const { audit, expectedAudit, ...rest } = await describe(survivor.client);
      expect(audit).toEqual(expectedAudit);
      expect(rest, `${name}, ${when} step ${step}`).toEqual(done);
      await killRuntime(survivor);
      if (isAnswered) break;
      kills += 1;
    }
    expect(kills).toBeGreaterThanOrEqual(steps - (when === 'after' ? 1 : 0));
    expect(kills).toBeLessThan(maxSteps);
  },
  300_000,
);

/** What is live by the pointer, and the rows of the audit as the history and the hold would have them. */
async function describe(client: RuntimeClient) {
  const { rows } = await client.query('SELECT action, digest, detail FROM audit ORDER BY happened_at', 100);
  const { activations, frozen } = await client.history();
  const live = await client.live();
  expect(activations[0]).toMatchObject({ serial: live.serial, digest: live.digest });
  expect(live.frozen).toEqual(frozen);
  const isHeld = frozen !== null;
  const wasRolledBack = activations[0]?.action === 'rollback';
  const expectedAudit = [
    ...activations.toReversed().map(({ action, serial, digest }) => `${action} ${serial} ${digest}`),
    ...(wasRolledBack && !isHeld ? [`resume ${live.digest}`] : []),
  ];
  const audit = rows.map(({ action, digest, detail }) => {
    const { serial } = detail as { readonly serial?: number };
    return [action, serial, digest].filter((it) => it !== undefined).join(' ');
  });
  return { digest: live.digest, serial: live.serial, frozen: frozen?.reason ?? null, audit, expectedAudit };
}

function pack(name: string): BundleEnvelope {
  const detection = sampleDetection({ id: `test/${name}`, firstId: `test/${name}` });
  const content = canonicalJson(sampleBundle({ detections: [detection] }));
  return { digest: sha256Digest(content), content };
}

async function prepare(name: string, then: (client: RuntimeClient) => Promise<void>): Promise<void> {
  const directory = join(folder, name);
  const runtime = await startRuntime({ directory, port: 0, env: {}, clock: systemClock, write: () => {} });
  const client = connect({ url: runtime.url });
  await client.publish(first, 0);
  await client.publish(second, 1, { allowRemovals: 9 });
  await then(client);
  await runtime.settled();
  await runtime.close();
}

async function start(directory: string): Promise<{ readonly process: ChildProcess; readonly client: RuntimeClient }> {
  const entry = fileURLToPath(new URL('./killed-step-child.mjs', import.meta.url));
  const child = spawn(process.execPath, [entry, directory], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const [line] = (await Promise.race([once(child.stdout as never, 'data'), once(child, 'exit')])) as [Buffer | number];
  if (!Buffer.isBuffer(line)) throw new Error(`The runtime ended with ${line} instead of starting.`);
  return { process: child, client: connect({ url: line.toString().trim() }) };
}

async function arm(child: ChildProcess, order: { readonly step: number; readonly when: string }): Promise<void> {
  const armed = once(child, 'message');
  child.send(order);
  await armed;
}
