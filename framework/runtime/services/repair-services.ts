import { MargayError } from '../../model/margay-error.ts';
import { stableId } from '../../model/stable-id.ts';
import type { Row } from '../../model/table.ts';
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
  await parts.state.commit({
    rows: [{ table: 'audit', rows: [auditRow(parts, request.actor, 'replay', { replayed })] }],
  });
  return { replayed };
}

/** Lets a detection that was stopped run again. @throws API_QUARANTINE_UNKNOWN when it is not stopped. */
export async function liftQuarantine(
  parts: RuntimeParts,
  { ruleId, actor }: Parameters<ApiServices['liftQuarantine']>[0],
): Promise<LiftResponse> {
  const entry = await parts.state.get<{ readonly version: string }>('quarantine', ruleId);
  if (!entry) {
    throw new MargayError('API_QUARANTINE_UNKNOWN', `The detection '${ruleId}' is not quarantined.`, {
      hint: "'margay status' lists those that are.",
    });
  }
  const { version } = entry;
  await parts.state.commit({
    remove: [{ space: 'quarantine', key: ruleId }],
    rows: [{ table: 'audit', rows: [auditRow(parts, actor, 'lift_quarantine', { ruleId, version })] }],
  });
  await parts.renewDetector();
  return { ruleId, version };
}

/** A row of `audit`: who did what, now. */
export function auditRow({ clock }: RuntimeParts, actor: string, action: string, detail: Row): Row {
  const happenedAt = new Date(clock.now()).toISOString();
  return {
    audit_id: stableId('audit', action, actor, happenedAt, JSON.stringify(detail)),
    happened_at: happenedAt,
    actor,
    action,
    detail,
  };
}
