import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { BundleEnvelope } from '../../framework/model/bundle.ts';
import { canonicalJson } from '../../framework/model/canonical-json.ts';
import { systemClock } from '../../framework/model/clock.ts';
import { createMemoryState } from '../../framework/model/memory-state.ts';
import { sha256Digest } from '../../framework/model/stable-id.ts';
import { createBundleStore } from '../../framework/runtime/bundle-store.ts';
import { openLog } from '../../framework/runtime/log/index.ts';
import { createPublisher } from '../../framework/runtime/publish-bundle.ts';
import { sampleBundle, sampleDetection } from './detect/sample-bundle.ts';

it('a rollback goes back also while no consumer has come to what was published', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'margay-publisher-'));
  const state = createMemoryState();
  const log = await openLog({ directory, clock: systemClock, onNotice: () => {} });
  const bundles = createBundleStore(state);
  const publisher = createPublisher({ state, log, bundles, clock: systemClock, env: {}, live: undefined });
  const [first, second] = [pack('first'), pack('second')];
  const by = { actor: 'somebody', allowRemovals: 9 };
  await publisher.publish({ envelope: first, expectedSerial: 0, ...by });
  await publisher.publish({ envelope: second, expectedSerial: 1, ...by });
  const order = { reason: 'late', actor: 'somebody' };
  expect(await publisher.rollback(order)).toMatchObject({
    digest: first.digest,
    serial: 3,
    frozen: { reason: 'late' },
  });
  await publisher.close();
  await log.close();
  rmSync(directory, { recursive: true });
}, 30_000);

function pack(name: string): BundleEnvelope {
  const detection = sampleDetection({ id: `test/${name}`, firstId: `test/${name}` });
  const content = canonicalJson(sampleBundle({ detections: [detection] }));
  return { digest: sha256Digest(content), content };
}
