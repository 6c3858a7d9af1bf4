import type { RuleError, RuleMatch, Stage } from '../../model/rule-match.ts';
import { stableId } from '../../model/stable-id.ts';
import { errorDedup } from './error-candidate.ts';
import type { WindowState } from './window-state.ts';

/**
 * The keys to read from State space 'window' before {@link groupMatches}: one per dedup key of the matches and one
 * per function and error class of the errors. Where a match names destinations, the key of the error that an
 * unknown name would be is among them.
 */
export function windowKeys(matches: readonly RuleMatch[], errors: readonly RuleError[]): readonly string[] {
  const keys = new Set<string>();
  for (const match of matches) {
    keys.add(matchWindowKey(match));
    if (match.destinations?.length) {
      keys.add(errorWindowKey({ ...match, functionName: 'destinations', errorClass: 'UnknownDestination' }));
    }
  }
  for (const error of errors) keys.add(errorWindowKey(error));
  return [...keys];
}

/**
 * Ids of the alerts that windows hold, to be read from State space 'alert' before {@link groupMatches}: what somebody
 * closed stays closed only when their status is given.
 */
export function windowAlertIds(windows: ReadonlyMap<string, WindowState>): readonly string[] {
  return [...windows.values()].flatMap((state) =>
    state.windows.flatMap((window) => (window.alert ? [window.alert.alertId] : [])),
  );
}

/** The window key of a match: readable up to the dedup key, which is hashed because it can be any text. */
export function matchWindowKey(match: Pick<RuleMatch, 'ruleFirstId' | 'stage' | 'dedup'>): string {
  return `${match.ruleFirstId}/${match.stage}/match/${stableId(match.dedup)}`;
}

/** What the window keys of a detection in the shadow begin with. */
export function shadowWindowPrefix(firstId: string): string {
  return `${firstId}/shadow/`;
}

type ErrorKey = Pick<RuleError, 'functionName' | 'errorClass'> & {
  readonly ruleFirstId: string;
  readonly stage: Stage;
};

/** The window key of an error. */
export function errorWindowKey(error: ErrorKey): string {
  return `${error.ruleFirstId}/${error.stage}/error/${stableId(errorDedup(error))}`;
}
