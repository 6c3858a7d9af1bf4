import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type RuntimeClient } from '../../framework/cli/client.ts';
import type { Bundle, BundleEnvelope } from '../../framework/model/bundle.ts';
import { canonicalJson } from '../../framework/model/canonical-json.ts';
import type { Detection } from '../../framework/model/detection.ts';
import { sha256Digest } from '../../framework/model/stable-id.ts';
import { type Runtime, startRuntime } from '../../framework/runtime/start-runtime.ts';
import { sampleBundle, sampleDetection } from './detect/sample-bundle.ts';

let folder: string;
let runtime: Runtime;
let client: RuntimeClient;
let nowMs: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-publish-'));
  nowMs = Date.UTC(2026, 5, 30, 12);
  await start({});
}, 30_000);

afterEach(async () => {
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(env: NodeJS.ProcessEnv): Promise<void> {
  const clock = { now: () => nowMs++ };
  runtime = await startRuntime({ directory: join(folder, 'data'), port: 0, env, clock, write: () => {} });
  client = connect({ url: runtime.url });
}

async function restart(env: NodeJS.ProcessEnv = {}): Promise<void> {
  await runtime.close();
  await start(env);
}

const rule = (name: string, changes: Partial<Detection> = {}): Detection =>
  sampleDetection({ id: `okta/${name}`, firstId: `okta/${name}`, ...changes });

const rules = (count: number): readonly Detection[] => Array.from({ length: count }, (_, index) => rule(`r${index}`));

function pack(detections: readonly Detection[], changes: Partial<Bundle> = {}): BundleEnvelope {
  const content = canonicalJson({ ...sampleBundle({ detections }), ...changes });
  return { digest: sha256Digest(content), content, commit: 'c0ffee' };
}

async function audit() {
  return (await client.query('SELECT action, detail FROM audit ORDER BY happened_at', 100)).rows;
}

describe('a publish', () => {
  it('that looked at something else than what is live is told who changed what meanwhile', async () => {
    await client.publish(pack(rules(2)), 0);
    await client.publish(pack([rule('r0', { title: 'Other' }), rule('r1'), rule('new')]), 1);
    await expect(client.publish(pack(rules(3)), 1)).rejects.toMatchObject({
      code: 'API_SERIAL_CONFLICT',
      message: expect.stringMatching(
        /Expected serial 1 to be live, found serial 2 .*api 127\.0\.0\.1 made live at 2026-06-30T12:.* added: detection okta\/new; changed: detection okta\/r0\./,
      ),
    });
  });

  it('leaves who, what, and the digest of its plan in the audit', async () => {
    const [first, plan] = [pack(rules(1)), `sha256:${'7'.repeat(64)}`];
    await client.publish(first, 0, { plan });
    const { rows } = await client.query('SELECT actor, action, digest, detail FROM audit', 10);
    expect(rows).toEqual([
      { actor: 'api 127.0.0.1', action: 'publish', digest: first.digest, detail: { serial: 1, plan } },
    ]);
    await expect(client.publish(pack(rules(2)), 1, { plan: 'mine' })).rejects.toMatchObject({
      code: 'API_REQUEST_INVALID',
    });
  });

  it('wins or loses against another one at the same time; never do both go live', async () => {
    const outcomes = await Promise.allSettled([client.publish(pack(rules(1)), 0), client.publish(pack(rules(2)), 0)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await client.live()).toMatchObject({ serial: 1 });
  });

  it.each([
    { live: 40, left: 38, allowed: undefined, code: undefined },
    { live: 40, left: 37, allowed: undefined, code: 'API_REMOVALS_REFUSED' },
    { live: 40, left: 37, allowed: 2, code: 'API_REMOVALS_REFUSED' },
    { live: 40, left: 37, allowed: 3, code: undefined },
    { live: 300, left: 289, allowed: undefined, code: 'API_REMOVALS_REFUSED' },
    { live: 300, left: 290, allowed: undefined, code: undefined },
  ])('may leave $left of $live detections with $allowed allowed: $code', async ({ live, left, allowed, code }) => {
    await client.publish(pack(rules(live)), 0);
    const publishing = client.publish(pack(rules(left)), 1, { allowRemovals: allowed });
    if (code === undefined) expect(await publishing).toMatchObject({ serial: 2, changed: true });
    else {
      const gone = `detection okta/r${live - 1}`;
      await expect(publishing).rejects.toMatchObject({ code, message: expect.stringContaining(gone) });
      expect(await client.live()).toMatchObject({ serial: 1, detectionCount: live });
    }
  });

  it('that renames a detection by aliases removes nothing', async () => {
    await client.publish(pack([rule('old')]), 0);
    const renamed = rule('new', { firstId: 'okta/old', aliases: ['okta/old'] });
    expect(await client.publish(pack([renamed]), 1)).toMatchObject({ changed: true });
  });

  it('is refused while a secret is missing that what is live does not lack as well, with every name', async () => {
    const hook = (name: string) => ({
      ...{ name, type: 'webhook', levels: ['high' as const] },
      settings: { url: { env: `${name.toUpperCase()}_URL` } },
    });
    const routing = { destinations: [hook('pager'), hook('chat')] };
    await client.publish(pack(rules(1)), 0);
    await expect(client.publish(pack(rules(1), { routing }), 1)).rejects.toMatchObject({
      code: 'API_SECRETS_MISSING',
      message: expect.stringContaining('CHAT_URL, PAGER_URL'),
    });
    expect(await client.live()).toMatchObject({ serial: 1 });
    const allowed = await client.publish(pack(rules(1), { routing }), 1, { allowMissingSecrets: true });
    expect(allowed.missingSecrets).toEqual(['CHAT_URL', 'PAGER_URL']);
    expect(await client.publish(pack(rules(2), { routing }), 2)).toMatchObject({ serial: 3 });
  });

  it('is refused when a removed id comes back with other logic, unless that is said; the same logic may', async () => {
    const allowRemovals = 1;
    await client.publish(pack(rules(2)), 0);
    await client.publish(pack(rules(1)), 1, { allowRemovals });
    await restart();
    const other = pack([rule('r0'), rule('r1', { version: 'other' })]);
    await expect(client.publish(other, 2)).rejects.toMatchObject({
      code: 'API_ID_REUSED',
      message: expect.stringMatching(/'okta\/r1' was removed at 2026-06-30T.* \(serial 2, by api 127\.0\.0\.1\)/),
    });
    expect(await client.publish(pack(rules(2)), 2)).toMatchObject({ serial: 3 });
    await client.publish(pack(rules(1)), 3, { allowRemovals });
    expect(await client.publish(other, 4, { revive: ['okta/r1'] })).toMatchObject({ serial: 5 });
    expect((await audit())[1]).toMatchObject({ action: 'publish', detail: { removed: ['detection/okta/r1'] } });
  });

  it('does not give a renamed detection’s first id to another thing once it is gone', async () => {
    await client.publish(pack([rule('old')]), 0);
    await client.publish(pack([rule('new', { firstId: 'okta/old', aliases: ['okta/old'] })]), 1);
    await client.publish(pack(rules(1)), 2, { allowRemovals: 1 });
    const impostor = rule('old', { version: 'other' });
    await expect(client.publish(pack([rule('r0'), impostor]), 3)).rejects.toMatchObject({ code: 'API_ID_REUSED' });
  });
});

describe('a rollback', () => {
  const [first, second, third] = [1, 2, 3].map((count) => pack(rules(count))) as [
    BundleEnvelope,
    BundleEnvelope,
    BundleEnvelope,
  ];
  const reason = 'a flood of alerts';

  beforeEach(async () => {
    await client.publish(first, 0);
    await client.publish(second, 1);
    await client.publish(third, 2);
  });

  it('makes live what was live before, and another one goes further back', async () => {
    expect(await client.rollback({ reason })).toMatchObject({ digest: second.digest, serial: 4 });
    expect(await client.live()).toMatchObject({ digest: second.digest, detectionCount: 2, commit: 'c0ffee' });
    expect(await client.rollback({ reason })).toMatchObject({ digest: first.digest, serial: 5 });
    await expect(client.rollback({ reason })).rejects.toMatchObject({ code: 'API_ROLLBACK_IMPOSSIBLE' });
    expect(await client.rollback({ to: third.digest.slice(7, 19), reason })).toMatchObject({ digest: third.digest });
  });

  it('goes only to what was live and is not', async () => {
    await expect(client.rollback({ to: `sha256:${'0'.repeat(64)}`, reason })).rejects.toMatchObject({
      code: 'API_BUNDLE_UNKNOWN',
    });
    await expect(client.rollback({ to: third.digest, reason })).rejects.toMatchObject({
      code: 'API_ROLLBACK_IMPOSSIBLE',
    });
    await expect(client.rollback({ reason: ' ' })).rejects.toMatchObject({ code: 'API_REQUEST_INVALID' });
  });

  it('holds every publish, also after a restart, and says who, when and why, until somebody resumes', async () => {
    await client.rollback({ reason });
    await restart();
    for (const envelope of [third, second]) {
      await expect(client.publish(envelope, 4)).rejects.toMatchObject({
        code: 'API_CHANNEL_FROZEN',
        message: expect.stringMatching(/api 127\.0\.0\.1 rolled back at 2026-06-30T12:.*: a flood of alerts/),
      });
    }
    await expect(runtime.publish(third, 'margay run')).rejects.toMatchObject({ code: 'API_CHANNEL_FROZEN' });
    expect((await client.status()).live.frozen).toMatchObject({ by: 'api 127.0.0.1', reason });
    expect(await client.resume()).toMatchObject({ serial: 4, frozen: null });
    await expect(client.resume()).rejects.toMatchObject({ code: 'API_NOT_FROZEN' });
    await restart();
    expect(await client.publish(third, 4)).toMatchObject({ serial: 5 });
    expect((await audit()).map(({ action }) => action)).toEqual([
      ...['publish', 'publish', 'publish', 'rollback', 'resume', 'publish'],
    ]);
  });

  it('is in the history, with what was published', async () => {
    await client.rollback({ to: first.digest, reason });
    const { frozen, activations } = await client.history();
    expect(frozen).toMatchObject({ reason });
    expect(activations.map(({ serial, digest, action }) => [serial, digest, action])).toEqual([
      [4, first.digest, 'rollback'],
      [3, third.digest, 'publish'],
      [2, second.digest, 'publish'],
      [1, first.digest, 'publish'],
    ]);
    expect(activations[0]).toMatchObject({ actor: 'api 127.0.0.1', reason, commit: 'c0ffee' });
  });
});
