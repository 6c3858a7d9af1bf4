import { auditRow } from '../../model/audit-row.ts';
import { MargayError } from '../../model/margay-error.ts';
import { type Mute, muteKey } from '../../model/mute.ts';
import type { ApiServices, MuteList } from '../api/index.ts';
import { readMutes } from '../mutes.ts';
import { detectionUnknown } from './backtest/detection-unknown.ts';
import type { RuntimeParts } from './runtime-parts.ts';

/** Stops the delivery of a detection's alerts for a time; a mute of the same again replaces the one before. */
export async function mute(
  { state, clock, active }: RuntimeParts,
  { ruleId, dedup: key, forMs, reason, actor }: Parameters<ApiServices['mute']>[0],
): Promise<Mute> {
  const dedup = key ?? null;
  const live = active()?.catalog.detections;
  if (!live?.has(ruleId)) throw detectionUnknown(ruleId, [...(live?.keys() ?? [])], 'The live bundle');
  const nowMs = clock.now();
  const muted: Mute = { ruleId, dedup, untilMs: nowMs + forMs, reason, by: actor, mutedAtMs: nowMs };
  const detail = { ruleId, dedup, reason, until: new Date(muted.untilMs).toISOString() };
  await state.commit({
    put: [{ space: 'mute', key: muteKey(muted), value: muted }],
    rows: [{ table: 'audit', rows: [auditRow({ action: 'mute', actor, detail, atMs: nowMs })] }],
  });
  return muted;
}

/** Ends a mute before its time. @throws API_MUTE_UNKNOWN */
export async function unmute(
  parts: RuntimeParts,
  { ruleId, dedup: key, actor }: Parameters<ApiServices['unmute']>[0],
): Promise<Mute> {
  const dedup = key ?? null;
  const nowMs = parts.clock.now();
  const found = (await readMutes(parts.state, nowMs)).find((it) => it.ruleId === ruleId && it.dedup === dedup);
  if (!found) {
    const what = dedup === null ? `'${ruleId}'` : `'${ruleId}' with the key '${dedup}'`;
    throw new MargayError('API_MUTE_UNKNOWN', `Nobody muted ${what}, or that has ended.`, {
      hint: "'margay mutes' lists what is muted; a mute of one key is lifted with that --key.",
    });
  }
  await parts.state.commit({
    remove: [{ space: 'mute', key: muteKey(found) }],
    rows: [{ table: 'audit', rows: [auditRow({ action: 'unmute', actor, detail: { ruleId, dedup }, atMs: nowMs })] }],
  });
  return found;
}

/** What is muted now; what ends first comes first. */
export async function listMutes({ state, clock }: Pick<RuntimeParts, 'state' | 'clock'>): Promise<MuteList> {
  const mutes = await readMutes(state, clock.now());
  return { mutes: mutes.toSorted((a, b) => a.untilMs - b.untilMs) };
}
