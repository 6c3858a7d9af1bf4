import { auditRow } from '../../model/audit-row.ts';
import type { BundleEnvelope } from '../../model/bundle.ts';
import type { Activation } from '../activation.ts';
import type { ApiServices, History, LiveBundle, PublishResponse } from '../api/index.ts';
import { unknownBundle } from '../choose-rollback.ts';
import { missingSecrets } from '../deliver/index.ts';
import type { RuntimeParts } from './runtime-parts.ts';

/** Publishes, and waits until the detect consumer has switched. */
export async function publish(
  parts: RuntimeParts,
  request: Parameters<ApiServices['publish']>[0],
): Promise<PublishResponse> {
  const { channel, changed } = await parts.publisher.publish(request);
  await parts.consumers.detect.reach(channel.next);
  return { digest: channel.digest, serial: channel.serial, changed, missingSecrets: secretsMissing(parts) };
}

/** Goes back to a bundle that was live, and waits until the detect consumer has switched. */
export async function rollback(
  parts: RuntimeParts,
  order: Parameters<ApiServices['rollback']>[0],
): Promise<PublishResponse> {
  const { digest, serial, next } = await parts.publisher.rollback(order);
  await parts.consumers.detect.reach(next);
  return { digest, serial, changed: true, missingSecrets: secretsMissing(parts) };
}

/** Lets publishes through again after a rollback. */
export async function resume(
  parts: RuntimeParts,
  { actor }: Parameters<ApiServices['resume']>[0],
): Promise<LiveBundle> {
  // The consumer that writes the pointer of a rollback does so before the pointer is written here.
  await parts.consumers.detect.reach(parts.publisher.live()?.next ?? 0);
  await parts.publisher.resume(({ digest, frozen }) =>
    auditRow({ action: 'resume', actor, digest, detail: { ...frozen }, atMs: parts.clock.now() }),
  );
  return describeLive(parts);
}

/** What went live, newest first, as far as it is kept. */
export async function listHistory({ state, publisher }: RuntimeParts): Promise<History> {
  const past = await state.list<Activation>('channel', { prefix: 'past/' });
  const activations = past.toReversed().map(({ value }) => ({
    serial: value.serial,
    digest: value.digest,
    activatedAtMs: value.activatedAtMs,
    actor: value.actor ?? null,
    action: value.action ?? 'publish',
    reason: value.reason ?? null,
    commit: value.commit ?? null,
  }));
  return { frozen: publisher.live()?.frozen ?? null, activations };
}

/** What is live, as the API shows it. */
export async function describeLive(parts: RuntimeParts): Promise<LiveBundle> {
  const live = parts.publisher.live();
  if (!live) {
    return {
      digest: null,
      serial: 0,
      activatedAtMs: null,
      commit: null,
      detectionCount: 0,
      queryCount: 0,
      frozen: null,
    };
  }
  const { commit } = (await parts.state.get<BundleEnvelope>('bundle', live.digest)) ?? {};
  const { bundle } = await parts.publisher.liveCatalog(live);
  return {
    digest: live.digest,
    serial: live.serial,
    activatedAtMs: live.activatedAtMs,
    commit: commit ?? null,
    detectionCount: bundle.detections.length,
    queryCount: bundle.queries.length,
    frozen: live.frozen ?? null,
  };
}

/** A bundle that is or was live, as it came. @throws API_BUNDLE_UNKNOWN */
export async function findBundle({ state }: Pick<RuntimeParts, 'state'>, digest: string): Promise<BundleEnvelope> {
  const envelope = await state.get<BundleEnvelope>('bundle', digest);
  if (envelope) return envelope;
  throw unknownBundle(digest);
}

/** Environment variables that the destinations of the bundle in force need and the runtime lacks. */
export function secretsMissing(parts: RuntimeParts): readonly string[] {
  const active = parts.active();
  return active ? missingSecrets(active.catalog.bundle.routing, parts.env) : [];
}
