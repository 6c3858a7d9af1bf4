import type { Mute } from '../../model/mute.ts';
import { formatTime } from './format-time.ts';

/** `okta/mfa-bypass, key 'bart', is muted until …, by …: a migration` */
export function describeMute({ ruleId, dedup, untilMs, by, reason }: Mute): string {
  const what = dedup === null ? ruleId : `${ruleId}, key '${dedup}',`;
  return `${what} is muted until ${formatTime(untilMs)}, by ${by}: ${reason}`;
}
