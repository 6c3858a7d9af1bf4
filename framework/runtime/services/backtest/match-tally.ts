import type { MatchClass } from '../../../model/backtest.ts';
import type { RuleMatch } from '../../../model/rule-match.ts';
import type { Side } from './trial-message.ts';

/** Things of one day, by who has them. */
export type ClassCounts = Record<MatchClass, number>;

/** The matches of one detection under both logics. */
export interface MatchTally {
  /** Takes what both logics made of the same rows. A match that comes again counts once. */
  add(found: Readonly<Record<Side, readonly RuleMatch[]>>): void;
  /** Matches by day, `2026-01-31`. */
  readonly days: ReadonlyMap<string, ClassCounts>;
  /** Each match of a side once, by event time; `undefined` when there are too many. */
  matches(side: Side): readonly RuleMatch[] | undefined;
  classOf(matchId: string): MatchClass;
}

/** Starts a tally. @param maxMatches - How many matches of a side are remembered; beyond, they are only counted. */
export function openMatchTally(maxMatches: number): MatchTally {
  const days = new Map<string, ClassCounts>();
  const kept: Record<Side, Map<string, RuleMatch>> = { before: new Map(), after: new Map() };
  let isFull = false;
  const fresh = (side: Side, matches: readonly RuleMatch[]): readonly RuleMatch[] => {
    if (isFull) return matches;
    const found = matches.filter(({ matchId }) => !kept[side].has(matchId));
    for (const match of found) kept[side].set(match.matchId, match);
    return found;
  };
  return {
    days,
    add: (found) => {
      const before = new Map(fresh('before', found.before).map((match) => [match.matchId, match]));
      const after = new Map(fresh('after', found.after).map((match) => [match.matchId, match]));
      for (const match of after.values()) count(days, match, before.has(match.matchId) ? 'both' : 'onlyAfter');
      for (const match of before.values()) if (!after.has(match.matchId)) count(days, match, 'onlyBefore');
      if (kept.before.size <= maxMatches && kept.after.size <= maxMatches) return;
      isFull = true;
      kept.before.clear();
      kept.after.clear();
    },
    matches: (side) => (isFull ? undefined : [...kept[side].values()].sort(byEventTime)),
    classOf: (matchId) => {
      if (!kept.before.has(matchId)) return 'onlyAfter';
      return kept.after.has(matchId) ? 'both' : 'onlyBefore';
    },
  };
}

/** Adds one to a day. */
export function countDay(days: Map<string, ClassCounts>, timeMs: number, found: MatchClass): void {
  const day = new Date(timeMs).toISOString().slice(0, 10);
  const counts = days.get(day) ?? { both: 0, onlyBefore: 0, onlyAfter: 0 };
  days.set(day, counts);
  counts[found]++;
}

function count(days: Map<string, ClassCounts>, match: RuleMatch, found: MatchClass): void {
  countDay(days, match.eventTimeMs, found);
}

/** The order in which rows come says nothing: DuckDB reads with several threads. */
function byEventTime(a: RuleMatch, b: RuleMatch): number {
  return a.eventTimeMs - b.eventTimeMs || (a.matchId < b.matchId ? -1 : 1);
}
