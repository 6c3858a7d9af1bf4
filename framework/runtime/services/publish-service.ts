import type { BundleEnvelope } from '../../model/bundle.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { ApiServices, LiveBundle, PublishResponse } from '../api/index.ts';
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

/** What is live, as the API shows it. */
export async function describeLive(parts: RuntimeParts): Promise<LiveBundle> {
  const live = parts.publisher.live();
  if (!live) {
    return { digest: null, serial: 0, activatedAtMs: null, commit: null, detectionCount: 0, queryCount: 0 };
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
  };
}

/** A bundle that is or was live, as it came. @throws API_BUNDLE_UNKNOWN */
export async function findBundle({ state }: Pick<RuntimeParts, 'state'>, digest: string): Promise<BundleEnvelope> {
  const envelope = await state.get<BundleEnvelope>('bundle', digest);
  if (envelope) return envelope;
  throw new MargayError('API_BUNDLE_UNKNOWN', `This runtime holds no bundle ${digest.slice(0, 80)}.`, {
    hint: "See what is live with 'margay status'.",
  });
}

/** Environment variables that the destinations of the bundle in force need and the runtime lacks. */
export function secretsMissing(parts: RuntimeParts): readonly string[] {
  const active = parts.active();
  return active ? missingSecrets(active.catalog.bundle.routing, parts.env) : [];
}
