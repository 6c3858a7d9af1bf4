import type { Bundle } from '../../model/bundle.ts';
import { canonicalJson } from '../../model/canonical-json.ts';
import type { StatusReport } from '../../runtime/api/index.ts';

/** What of a bundle decides otherwise than the one before it did: versions by id. */
export interface ChangedLogic {
  readonly detections: ReadonlyMap<string, string>;
  readonly queries: ReadonlyMap<string, string>;
}

/** What a bundle changed; everything, where log types or lookups did. */
export function changedLogic(before: Bundle | undefined, after: Bundle): ChangedLogic {
  const foundation = ({ logTypes, lookups }: Bundle): string => canonicalJson([logTypes, lookups]);
  const judgedAlike = before !== undefined && foundation(before) === foundation(after);
  const versions = (items: readonly { readonly id: string; readonly version: string }[]) =>
    new Map(items.map(({ id, version }) => [id, version]));
  const changed = (kind: 'detections' | 'queries'): ReadonlyMap<string, string> => {
    const old = versions(judgedAlike ? before[kind] : []);
    return versions(after[kind].filter(({ id, version }) => old.get(id) !== version));
  };
  return { detections: changed('detections'), queries: changed('queries') };
}

/**
 * What goes wrong since a bundle is live, and with it: detections and queries that it left as they were are none of its
 * doing. Its lines hold no text that may be of an event: they are printed where a publish is.
 *
 * @param stuck - The consumers that have not got on for a while.
 */
export function findHarm(status: StatusReport, changed: ChangedLogic, stuck: ReadonlySet<string>): readonly string[] {
  const sinceMs = status.live.activatedAtMs ?? 0;
  const isChanged = (ruleId: string, version: string): boolean => changed.detections.get(ruleId) === version;
  return [
    ...status.consumers.flatMap(({ name, stalledBy }) =>
      stalledBy !== null && stuck.has(name) ? [`${name} is stuck: ${stalledBy}`] : [],
    ),
    ...status.quarantined
      .filter(({ ruleId, version, quarantinedAtMs }) => isChanged(ruleId, version) && quarantinedAtMs >= sinceMs)
      .map(({ ruleId, reason }) => `${ruleId} is stopped: ${reason}`),
    ...status.ruleErrors
      .filter(({ ruleId, version }) => isChanged(ruleId, version))
      .map(({ ruleId, count }) => `${ruleId} failed ${count === 1 ? 'once' : `${count} times`}: see rule_errors`),
    ...status.queries.flatMap(({ queryId, lastRun }) =>
      lastRun &&
      changed.queries.has(queryId) &&
      ['failed', 'timed_out'].includes(lastRun.status) &&
      (lastRun.startedAtMs ?? 0) >= sinceMs
        ? [`the run of ${queryId} ${lastRun.status}: see query_runs`]
        : [],
    ),
  ];
}
