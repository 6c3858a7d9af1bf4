import type { Detection } from '../../../model/detection.ts';
import type { RuleMatch } from '../../../model/rule-match.ts';
import { groupMatches, type WindowState } from '../../alert/index.ts';

/** Matches that are grouped at a time: few enough that no window is looked for among very many. */
const sliceLength = 2_000;

const routing = { destinations: [] };

/**
 * The alerts that matches would have made, over windows of their own: alert id → time of the first match, in
 * milliseconds. As live, but each match at its event time, so that no window is cut short by a batch that came late.
 *
 * @param matches - By event time.
 */
export function countAlerts(matches: readonly RuleMatch[], detection: Detection): ReadonlyMap<string, number> {
  const alerts = new Map<string, number>();
  const detections = new Map([[detection.id, detection]]);
  const windows = new Map<string, WindowState>();
  for (let start = 0; start < matches.length; start += sliceLength) {
    const slice = matches.slice(start, start + sliceLength);
    const nowMs = (slice.at(-1) as RuleMatch).eventTimeMs;
    const outcome = groupMatches({ matches: slice, errors: [], detections, routing, windows, nowMs });
    const firstTimes = new Map(outcome.alerts.map((alert) => [alert.alertId, alert.firstEventTimeMs]));
    for (const { alertId } of outcome.raised) {
      const firstMs = firstTimes.get(alertId);
      if (firstMs !== undefined) alerts.set(alertId, firstMs);
    }
    for (const [key, state] of outcome.windows) windows.set(key, state);
  }
  return alerts;
}
