import type { Alert, Notification } from '../../model/alert.ts';
import type { Routing } from '../../model/destination.ts';
import type { Detection } from '../../model/detection.ts';
import type { RuleError } from '../../model/rule-match.ts';
import { stableId } from '../../model/stable-id.ts';
import { recordedBy } from '../../model/stage.ts';
import type { AlertOutcome } from './alert-outcome.ts';
import { type Candidate, raiseAlert } from './candidate.ts';
import { pruneWindows } from './expired-windows.ts';
import { keepStatus } from './keep-status.ts';
import {
  anchorWindow,
  isDue,
  joinWindow,
  notificationOf,
  type Occurrence,
  type OpenWindow,
  reopenWindow,
  storeWindow,
  windowProgress,
} from './open-window.ts';
import type { WindowState } from './window-state.ts';

/** The windows of one call. */
export interface WindowBook {
  /** Lets occurrences join their windows and raises the alerts that are due. Gives the errors found on the way. */
  take(occurrences: readonly Occurrence[]): readonly RuleError[];
  /** What all calls of `take` came to. */
  outcome(): Omit<AlertOutcome, 'errors'>;
}

interface WindowBookInput {
  readonly detections: ReadonlyMap<string, Detection>;
  readonly routing: Routing;
  readonly windows: ReadonlyMap<string, WindowState>;
  readonly alerts?: ReadonlyMap<string, Alert> | undefined;
  readonly nowMs: number;
}

/** Opens the windows that were stored. */
export function createWindowBook(input: WindowBookInput): WindowBook {
  const { nowMs } = input;
  const open = new Map<string, OpenWindow[]>();
  const alerts = new Map<string, Alert>();
  const links: { matchId: string; alertId: string }[] = [];
  const notifications: Notification[] = [];
  const raised: { alertId: string; reason: 'created' }[] = [];

  const windowsOf = (key: string): OpenWindow[] => {
    const known = open.get(key) ?? (input.windows.get(key)?.windows ?? []).map(reopenWindow);
    open.set(key, known);
    return known;
  };

  const join = (occurrence: Occurrence): OpenWindow => {
    const windows = windowsOf(occurrence.key);
    const window = coveringWindow(windows, occurrence.windowTimeMs) ?? anchorWindow(occurrence);
    if (!windows.includes(window)) windows.push(window);
    joinWindow(window, occurrence, nowMs);
    return window;
  };

  const raise = (window: OpenWindow, candidate: Candidate): readonly RuleError[] => {
    const alertId = windowAlertId(candidate, window.startMs);
    const detection = recordedBy(input.detections, candidate);
    const { alert, errors } = raiseAlert(alertId, candidate, windowProgress(window, nowMs), detection, input.routing);
    window.alert = alert;
    raised.push({ alertId, reason: 'created' });
    if (alert.destinations.length > 0) notifications.push(notificationOf(alert, 'created', window.evidence));
    return errors;
  };

  const settle = (window: OpenWindow, occurrence: Occurrence): readonly RuleError[] => {
    let errors: readonly RuleError[] = [];
    if (window.alert) window.alert = updated(window.alert, window, input);
    else if (window.candidate && isDue(window, occurrence.rule)) errors = raise(window, window.candidate);
    if (window.alert) {
      const { alertId } = window.alert;
      alerts.set(alertId, window.alert);
      for (const matchId of window.matchIds.splice(0)) links.push({ matchId, alertId });
    }
    return errors;
  };

  return {
    take: (occurrences) => {
      const joined = new Map<OpenWindow, Occurrence>();
      for (const occurrence of occurrences) joined.set(join(occurrence), occurrence);
      return [...joined].flatMap(([window, occurrence]) => settle(window, occurrence));
    },
    outcome: () => ({
      windows: new Map(
        [...open].map(([key, windows]) => [key, { windows: pruneWindows(windows.map(storeWindow), nowMs) }]),
      ),
      alerts: [...alerts.values()],
      ...{ links, notifications, raised },
    }),
  };
}

/** The window that covers a time; of several the one that starts latest. */
function coveringWindow(windows: readonly OpenWindow[], timeMs: number): OpenWindow | undefined {
  return windows
    .filter((window) => window.startMs <= timeMs && timeMs < window.endMs)
    .reduce<OpenWindow | undefined>(
      (best, window) => (best && best.startMs > window.startMs ? best : window),
      undefined,
    );
}

/** hash(first id, stage, dedup key, window start); errors have a part more, so that the two never meet. */
function windowAlertId(candidate: Candidate, startMs: number): string {
  const { kind, ruleFirstId, stage, dedup } = candidate;
  return stableId(
    ...(kind === 'rule_error' ? ['rule_error'] : []),
    ...[ruleFirstId, stage, dedup, new Date(startMs).toISOString()],
  );
}

/** The alert with the window's figures; its status is whatever it was set to meanwhile. */
function updated(alert: Alert, window: OpenWindow, input: WindowBookInput): Alert {
  return { ...keepStatus(alert, input.alerts), ...windowProgress(window, input.nowMs) };
}
