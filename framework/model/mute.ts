import { canonicalJson } from './canonical-json.ts';

/** Somebody's word that the alerts of a detection are not delivered for a time. */
export interface Mute {
  readonly ruleId: string;
  /** `null`: every key. */
  readonly dedup: string | null;
  /** It ends by itself. */
  readonly untilMs: number;
  readonly reason: string;
  readonly by: string;
  readonly mutedAtMs: number;
}

/** The longest that a mute lasts: seven days. What is to be quiet for longer is changed in the repository. */
export const maxMuteMs = 7 * 86_400_000;

/** Where a mute is in State space 'mute'. */
export function muteKey({ ruleId, dedup }: Pick<Mute, 'ruleId' | 'dedup'>): string {
  return canonicalJson([ruleId, dedup]);
}
