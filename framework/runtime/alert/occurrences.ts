import type { Detection } from '../../model/detection.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { RuleError, RuleMatch } from '../../model/rule-match.ts';
import { recordedBy } from '../../model/stage.ts';
import { matchCandidate } from './candidate.ts';
import { errorCandidate } from './error-candidate.ts';
import type { Occurrence, WindowRule } from './open-window.ts';
import { errorWindowKey, matchWindowKey } from './window-keys.ts';

const errorRule: WindowRule = { periodMs: 86_400_000, threshold: 1, countsUnique: false };

/** Matches as occurrences in order of event time, each id once, without those of detections that never alert. */
export function matchOccurrences(
  matches: readonly RuleMatch[],
  detections: ReadonlyMap<string, Detection>,
): readonly Occurrence[] {
  const byId = new Map<string, RuleMatch>();
  for (const match of matches) if (!byId.has(match.matchId)) byId.set(match.matchId, match);
  return [...byId.values()]
    .sort((a, b) => a.eventTimeMs - b.eventTimeMs)
    .flatMap((match) => {
      const detection = detectionOf(match, detections);
      return detection.alert ? [matchOccurrence(match, detection)] : [];
    });
}

/** Errors as occurrences, each id once. */
export function errorOccurrences(errors: readonly RuleError[], nowMs: number): readonly Occurrence[] {
  const byId = new Map(errors.map((error) => [error.errorId, error]));
  return [...byId.values()].map((error) => {
    const candidate = errorCandidate(error);
    // An error is about the code as it runs now: history that is loaded today raises one alert, not one per day.
    return { key: errorWindowKey(error), rule: errorRule, windowTimeMs: nowMs, candidate, fields: candidate.context };
  });
}

/** Whether a detection's threshold counts distinct values. */
export function countsUnique(detection: Detection): boolean {
  return detection.unique !== undefined || detection.functions.includes('unique');
}

function matchOccurrence(match: RuleMatch, detection: Detection): Occurrence {
  return {
    key: matchWindowKey(match),
    rule: {
      periodMs: detection.dedup.periodMs,
      threshold: detection.threshold,
      countsUnique: countsUnique(detection),
    },
    matchId: match.matchId,
    windowTimeMs: match.eventTimeMs,
    candidate: matchCandidate(match, 'match'),
    fields: { ...match.context, ...match.indicators },
    unique: match.unique,
  };
}

function detectionOf(match: RuleMatch, detections: ReadonlyMap<string, Detection>): Detection {
  const detection = recordedBy(detections, match);
  if (detection) return detection;
  throw new MargayError('ALERT_DETECTION_UNKNOWN', `A match is of '${match.ruleId}', which is no detection in force.`, {
    hint: 'Group matches with the detections of the bundle that made them.',
  });
}
