import type { RuleMatch } from '../../../model/rule-match.ts';
import type { Progress } from '../progress.ts';
import type { ContentRealm } from '../realm/content-realm.ts';
import type { Interruption } from '../worker-messages.ts';
import type { Tools } from './call-function.ts';
import type { ReadyDetection } from './detection-set.ts';
import { openErrorLog } from './error-log.ts';
import { evaluateDetection } from './evaluate-detection.ts';
import type { Subject } from './subject.ts';

/** What subjects are evaluated with. */
export interface Evaluator {
  readonly realm: ContentRealm;
  readonly progress: Progress;
  /** The interruptions that concern this request; see {@link Interruption}. */
  readonly interruptions: readonly Interruption[];
}

/**
 * The matches of detections over events or rows, in their order. An event that comes twice is one match; of rows
 * with the same key columns it is the first that matches.
 */
export function evaluateSubjects(
  evaluator: Evaluator,
  subjects: readonly Subject[],
  detections: readonly ReadyDetection[],
) {
  const { realm, progress, interruptions } = evaluator;
  const errors = openErrorLog();
  const matches: RuleMatch[] = [];
  const seen = new Set<string>();
  const stops = firstStops(interruptions);
  for (const [index, subject] of subjects.entries()) {
    progress.event(index);
    realm.setEvent(subject.record);
    const interruptionsHere = interruptions.filter((interruption) => interruption.event === index);
    const tools: Tools = { realm, progress, errors, interruptionsHere };
    for (const ready of detections) {
      if ((stops.get(ready.index) ?? index) < index) continue;
      const match = evaluateDetection(tools, ready, subject);
      if (!match || seen.has(match.matchId)) continue;
      seen.add(match.matchId);
      matches.push(match);
    }
  }
  return { matches, errors: errors.errors(), errorCounts: errors.counts(), eventCount: subjects.length };
}

/** Detection → the last event that it is evaluated for. */
function firstStops(interruptions: readonly Interruption[]): ReadonlyMap<number, number> {
  const stops = new Map<number, number>();
  for (const { detection, event } of interruptions) {
    stops.set(detection, Math.min(event, stops.get(detection) ?? event));
  }
  return stops;
}
