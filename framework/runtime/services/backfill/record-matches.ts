import type { Backfill } from '../../../model/backfill.ts';
import type { Detection } from '../../../model/detection.ts';
import { MargayError } from '../../../model/margay-error.ts';
import type { RuleMatch } from '../../../model/rule-match.ts';
import type { State } from '../../../model/state.ts';
import { matchRow } from '../../alert/index.ts';

/** What matches are recorded with. */
export interface Recording {
  readonly state: State;
  readonly detection: Detection;
  readonly nowMs: number;
}

const maxTries = 5;

/**
 * Records matches that were not recorded before, and how far the backfill is, in one transaction. They are known from
 * then on: the same event, delivered again, raises nothing.
 *
 * @param advance - The backfill after these matches.
 */
export async function recordMatches(
  recording: Recording,
  matches: readonly RuleMatch[],
  advance: (counts: { readonly written: number; readonly known: number }) => Backfill,
): Promise<Backfill> {
  for (let tries = 1; ; tries++) {
    try {
      return await tryRecord(recording, matches, advance);
    } catch (error) {
      // The stream recorded one of them just now: look again.
      const isConflict = error instanceof MargayError && error.code === 'STATE_CONFLICT';
      if (!isConflict || tries === maxTries) throw error;
    }
  }
}

async function tryRecord(
  { state, detection, nowMs }: Recording,
  matches: readonly RuleMatch[],
  advance: (counts: { readonly written: number; readonly known: number }) => Backfill,
): Promise<Backfill> {
  const byId = new Map(matches.map((match) => [match.matchId, match]));
  const seen = await state.getMany('match', [...byId.keys()]);
  const fresh = [...byId.values()].filter(({ matchId }) => !seen.has(matchId));
  const backfill = advance({ written: fresh.length, known: byId.size - fresh.length });
  const progress = { space: 'backfill' as const, key: backfill.backfillId, value: backfill };
  if (backfill.isDryRun) {
    await state.commit({ put: [progress] });
    return backfill;
  }
  const keys = fresh.map(({ matchId }) => ({ space: 'match' as const, key: matchId }));
  const rows = fresh.map((match) => ({ ...matchRow(match, detection, null, nowMs), p_backfilled: true }));
  await state.commit({
    expect: keys.map((key) => ({ ...key, value: undefined })),
    put: [progress, ...keys.map((key) => ({ ...key, value: { seenAtMs: nowMs } }))],
    ...(rows.length > 0 ? { rows: [{ table: 'rule_matches', rows }] } : {}),
  });
  return backfill;
}
