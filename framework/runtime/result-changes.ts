import type { Alert } from '../model/alert.ts';
import type { BatchRecord } from '../model/log-record.ts';
import type { Rollout } from '../model/rollout.ts';
import type { RuleError, RuleMatch } from '../model/rule-match.ts';
import { recordedBy } from '../model/stage.ts';
import type { Changes, State } from '../model/state.ts';
import { groupMatches, type WindowState, windowAlertIds, windowKeys } from './alert/index.ts';
import { alertChanges } from './alert-changes.ts';
import type { BundleCatalog } from './bundle-catalog.ts';
import { deadLetterRow } from './dead-letter-row.ts';
import type { DetectResult } from './detect/index.ts';
import { readMutes, withholdMuted } from './mutes.ts';
import { trialChanges } from './trial-changes.ts';

/** The state changes of what batches gave, each its result: matches and errors that are new, their alerts, dead letters, quarantines. */
export async function resultChanges(
  state: State,
  results: readonly DetectResult[],
  batches: readonly Pick<BatchRecord, 'logType'>[],
  { bundle, rules: detections }: BundleCatalog,
  nowMs: number,
): Promise<Required<Pick<Changes, 'expect' | 'put' | 'rows'>>> {
  const matches = await unseen(
    state,
    results.flatMap((result) => result.matches),
  );
  const errors = await unseenErrors(
    state,
    results.flatMap((result) => result.errors),
  );
  const { routing } = bundle;
  const windows = await state.getMany<WindowState>('window', windowKeys(matches, errors));
  const alerts = await state.getMany<Alert>('alert', windowAlertIds(windows));
  const grouped = groupMatches({ matches, errors, detections, routing, windows, alerts, nowMs });
  const outcome = withholdMuted(grouped, await readMutes(state, nowMs), detections);
  const changes = alertChanges({ matches, errors, outcome, detections, routing, nowMs });
  const deadLetters = results.flatMap((result) => result.deadLetters.map(deadLetterRow));
  const quarantined = results.flatMap((result) => result.quarantined);
  const seen = [...matches.map((match) => match.matchId), ...errors.map((error) => error.errorId)];
  const evaluated = (ruleId: string): number => {
    const detection = recordedBy(detections, { ruleId, stage: 'shadow' });
    const logTypes = detection?.source.kind === 'events' ? detection.source.logTypes : [];
    const read = results.filter((_, index) => logTypes.includes(batches[index]?.logType ?? ''));
    return read.reduce((count, { eventCount }) => count + eventCount, 0);
  };
  const rollouts = await state.list<Rollout>('rollout');
  const trials = trialChanges(rollouts, { evaluated, matches, errors, outcome, nowMs });
  return {
    expect: trials.expect,
    put: [
      ...changes.put,
      ...trials.put,
      ...seen.map((key) => ({ space: 'match' as const, key, value: { seenAtMs: nowMs } })),
      ...quarantined.map((entry) => ({ space: 'quarantine' as const, key: entry.ruleId, value: entry })),
    ],
    rows: deadLetters.length > 0 ? [...changes.rows, { table: 'dead_letters', rows: deadLetters }] : changes.rows,
  };
}

/** The matches whose ids were never committed before, each once: a vendor's redelivery is the same event. */
async function unseen(state: State, matches: readonly RuleMatch[]): Promise<readonly RuleMatch[]> {
  const byId = new Map<string, RuleMatch>();
  for (const match of matches) if (!byId.has(match.matchId)) byId.set(match.matchId, match);
  const seen = await state.getMany('match', [...byId.keys()]);
  return [...byId.values()].filter((match) => !seen.has(match.matchId));
}

/** The errors that were not committed before: a redelivered event fails again, which is no news. */
async function unseenErrors(state: State, errors: readonly RuleError[]): Promise<readonly RuleError[]> {
  const seen = await state.getMany(
    'match',
    errors.map((error) => error.errorId),
  );
  return errors.filter((error) => !seen.has(error.errorId));
}
