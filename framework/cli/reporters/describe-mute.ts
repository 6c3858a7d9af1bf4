import type { Mute } from '../../model/mute.ts';
import type { PlanMute } from '../../model/plan.ts';
import { formatTime } from './format-time.ts';

/** `okta/mfa-bypass, key 'bart', is muted until …, by …: a migration` */
export function describeMute({ dedup, ...mute }: Mute): string {
  return describe(mute, dedup === null ? '' : `, key '${dedup}',`);
}

/** As {@link describeMute}, without the key. */
export function describePlanMute({ isOfOneKey, ...mute }: PlanMute): string {
  return describe(mute, isOfOneKey ? ', one key of it,' : '');
}

function describe({ ruleId, untilMs, by, reason }: Omit<Mute, 'dedup'>, key: string): string {
  return `${ruleId}${key} is muted until ${formatTime(untilMs)}, by ${by}: ${reason}`;
}
