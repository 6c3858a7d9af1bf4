import type { Alert } from '../../model/alert.ts';
import type { Routing } from '../../model/destination.ts';
import type { Detection } from '../../model/detection.ts';
import type { RuleError, RuleMatch } from '../../model/rule-match.ts';
import type { AlertOutcome } from './alert-outcome.ts';
import { errorOccurrences, matchOccurrences } from './occurrences.ts';
import { createWindowBook } from './window-book.ts';
import type { WindowState } from './window-state.ts';

/** What {@link groupMatches} works on. */
export interface GroupMatchesInput {
  /** Matches of event detections that were not recorded before: the caller leaves out those in State space 'match'. */
  readonly matches: readonly RuleMatch[];
  /** Errors of any detection, scheduled ones too. */
  readonly errors: readonly RuleError[];
  /** By id, or where two versions run side by side by `ruleKey`. */
  readonly detections: ReadonlyMap<string, Detection>;
  readonly routing: Routing;
  /** What State space 'window' holds under {@link windowKeys}. */
  readonly windows: ReadonlyMap<string, WindowState>;
  /** What State space 'alert' holds for these windows, so that a closed alert stays closed. @defaultValue none */
  readonly alerts?: ReadonlyMap<string, Alert> | undefined;
  /** Processing time. */
  readonly nowMs: number;
}

/**
 * Groups matches that share a dedup key into alerts, and errors of detections likewise.
 *
 * A window is anchored at the event time of the first match that comes to it and covers [anchor, anchor + period).
 * A match joins the window that covers it, of two the one that starts later, else it opens its own. The matches of
 * one call are taken in order of event time; a match given twice counts once. An alert comes to be when its window
 * has `threshold` matches (with `unique`: distinct values), sticks to title, level, context and destinations of the
 * window's first match, and is notified that once. `alert: false` makes no windows.
 *
 * Errors: one alert per detection, function and error class in 24 hours of processing time, level `medium`, `high`
 * for a quarantine, routed by level; a detection's own `alert: false` or `destinations` don't silence it.
 *
 * @throws ALERT_DETECTION_UNKNOWN when a match is of no detection given.
 */
export function groupMatches(input: GroupMatchesInput): AlertOutcome {
  const book = createWindowBook(input);
  const found = book.take(matchOccurrences(input.matches, input.detections));
  book.take(errorOccurrences([...input.errors, ...found], input.nowMs));
  return { ...book.outcome(), errors: found };
}
