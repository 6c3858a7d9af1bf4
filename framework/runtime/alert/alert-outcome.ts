import type { Alert, Notification } from '../../model/alert.ts';
import type { RuleError } from '../../model/rule-match.ts';
import type { FiringState } from './firing-state.ts';
import type { WindowState } from './window-state.ts';

/** What matches did to the alerts. Nothing has happened yet: the caller commits all of it at once. */
export interface AlertOutcome {
  /** Changed windows by key, for State space 'window'. */
  readonly windows: ReadonlyMap<string, WindowState>;
  /** `advanceFiring`: the new state of the detection, for State space 'firing'. */
  readonly firing?: FiringState | undefined;
  /** New and changed alerts, each once, as they stand after all matches. */
  readonly alerts: readonly Alert[];
  /** Matches that belong to an alert: of this call, and earlier ones that waited for it. */
  readonly links: readonly { readonly matchId: string; readonly alertId: string }[];
  /** For the outbox. Nothing for alerts that go nowhere. */
  readonly notifications: readonly Notification[];
  /** What somebody should look at now, whether or not it is delivered: silent alerts are raised too. */
  readonly raised: readonly { readonly alertId: string; readonly reason: Notification['reason'] }[];
  /** Errors found on the way (`UnknownDestination`), to be recorded with those of the input. */
  readonly errors: readonly RuleError[];
}
