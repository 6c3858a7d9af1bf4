import { auditRow } from '../../model/audit-row.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { ApiServices, LiftResponse, ReplayResponse } from '../api/index.ts';
import type { RuntimeParts } from './runtime-parts.ts';

/** Tries failed deliveries again. @throws DELIVER_NOT_FAILED when the key names none. */
export async function replay(
  parts: RuntimeParts,
  request: Parameters<ApiServices['replay']>[0],
): Promise<ReplayResponse> {
  let replayed = 1;
  if ('key' in request) await parts.delivery.replay(request.key);
  else replayed = await parts.delivery.replayAll();
  const entry = { action: 'replay', actor: request.actor, detail: { replayed }, atMs: parts.clock.now() };
  await parts.state.commit({ rows: [{ table: 'audit', rows: [auditRow(entry)] }] });
  return { replayed };
}

/** Lets a detection that was stopped run again. @throws API_QUARANTINE_UNKNOWN when it is not stopped. */
export async function liftQuarantine(
  parts: RuntimeParts,
  { ruleId, actor }: Parameters<ApiServices['liftQuarantine']>[0],
): Promise<LiftResponse> {
  const stopped = await parts.state.get<{ readonly version: string }>('quarantine', ruleId);
  if (!stopped) {
    throw new MargayError('API_QUARANTINE_UNKNOWN', `The detection '${ruleId}' is not quarantined.`, {
      hint: "'margay status' lists those that are.",
    });
  }
  const { version } = stopped;
  const entry = { action: 'lift_quarantine', actor, detail: { ruleId, version }, atMs: parts.clock.now() };
  await parts.state.commit({
    remove: [{ space: 'quarantine', key: ruleId }],
    rows: [{ table: 'audit', rows: [auditRow(entry)] }],
  });
  await parts.renewDetector();
  return { ruleId, version };
}
