import type { Alert } from '../../model/alert.ts';
import type { Detection } from '../../model/detection.ts';
import type { ScheduledQuery } from '../../model/scheduled-query.ts';
import { stageOf } from '../../model/stage.ts';
import type { StateEntry } from '../../model/state.ts';
import { resolved } from './firing-key-step.ts';
import { type FiringState, firingKey } from './firing-state.ts';
import { keepStatus } from './keep-status.ts';

/** What {@link retireFiring} works on. */
export interface RetireFiringInput {
  /** All of State space 'firing'. */
  readonly entries: readonly StateEntry<FiringState>[];
  /** What {@link liveFiringKeys} gives for the bundle that is in force now. */
  readonly live: ReadonlySet<string>;
  /** What State space 'alert' holds under `firingAlertIds` of the entries, so that a closed alert stays closed. */
  readonly alerts: ReadonlyMap<string, Alert>;
  /** Processing time. */
  readonly nowMs: number;
}

/** What is over because its detection no longer runs. Nothing has happened yet: the caller commits both at once. */
export interface RetiredFiring {
  /** To be removed from State space 'firing'. */
  readonly keys: readonly string[];
  /** The alerts that were open, resolved. Nobody is notified. */
  readonly alerts: readonly Alert[];
}

/** The keys of State space 'firing' that runs still move: detections that are on, alert, and whose query is there. */
export function liveFiringKeys(bundle: {
  readonly detections: readonly Detection[];
  readonly queries: readonly Pick<ScheduledQuery, 'id'>[];
}): ReadonlySet<string> {
  const queries = new Set(bundle.queries.map(({ id }) => id));
  return new Set(
    bundle.detections
      .filter(
        ({ source, mode, alert }) => alert && mode !== 'off' && source.kind === 'query' && queries.has(source.query),
      )
      .map((detection) => firingKey(detection.firstId, stageOf(detection))),
  );
}

/**
 * Ends what fires of detections that no run moves any more: switched off, removed, without their query, moved between
 * live and shadow, or no longer alerting. For each bundle that comes into force; otherwise a key would still fire when
 * its detection is back, and what it finds then would be no news.
 */
export function retireFiring(input: RetireFiringInput): RetiredFiring {
  const over = input.entries.filter(({ key }) => !input.live.has(key));
  return {
    keys: over.map(({ key }) => key),
    alerts: over.flatMap(({ value }) =>
      value.keys.flatMap(({ alert }) => resolved(keepStatus(alert, input.alerts), input.nowMs) ?? []),
    ),
  };
}
