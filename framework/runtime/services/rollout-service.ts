import { MargayError } from '../../model/margay-error.ts';
import type { Rollout } from '../../model/rollout.ts';
import { recordedBy } from '../../model/stage.ts';
import type { StateEntry } from '../../model/state.ts';
import { suggest } from '../../model/suggest.ts';
import type { ApiServices, RolloutList, RolloutReport } from '../api/index.ts';
import { judgeRollout } from '../watch-rollouts.ts';
import type { RuntimeParts } from './runtime-parts.ts';

/** New versions that are tried, by detection. */
export async function listRollouts(parts: RuntimeParts): Promise<RolloutList> {
  const entries = await parts.state.list<Rollout>('rollout');
  return { rollouts: entries.map((entry) => report(parts, entry)) };
}

/** Promotes a version where the log stands now, and resolves when it alerts. @throws API_ROLLOUT_UNKNOWN */
export async function promote(
  parts: RuntimeParts,
  { ruleId, actor }: Parameters<ApiServices['promote']>[0],
): Promise<RolloutReport> {
  const entries = await parts.state.list<Rollout>('rollout');
  const entry = entries.find(({ value }) => value.ruleId === ruleId);
  if (!entry) {
    const near = suggest(
      ruleId,
      entries.map(({ value }) => value.ruleId),
    );
    throw new MargayError('API_ROLLOUT_UNKNOWN', `No new version of '${ruleId}' is in the shadow.`, {
      hint: near ?? "'margay rollout' lists those that are.",
    });
  }
  const { version } = entry.value.trial;
  const promotedAtMs = parts.clock.now();
  const { next } = await parts.log.append({ kind: 'promotion', detection: entry.key, version, promotedAtMs, actor });
  await parts.consumers.detect.reach(next);
  // A publish that stands in the log before the promotion may have brought another version, which goes on being tried.
  if (await parts.state.get<Rollout>('rollout', entry.key)) {
    throw new MargayError('API_ROLLOUT_UNKNOWN', `Another version of '${ruleId}' was published meanwhile.`, {
      hint: "Look at it with 'margay rollout', and promote that one if it is what you want.",
    });
  }
  return report(parts, entry);
}

function report({ active, clock }: RuntimeParts, entry: StateEntry<Rollout>): RolloutReport {
  const { ruleId, live, trial } = entry.value;
  const { version, sinceMs, evaluated, matches, errors, alertsByDay } = trial;
  const catalog = active()?.catalog;
  const rule = catalog && recordedBy(catalog.rules, { ruleId, stage: 'shadow' })?.rollout;
  return {
    ...{ ruleId, version, liveVersion: live?.version ?? null, sinceMs, untilMs: sinceMs + (rule?.shadowMs ?? 0) },
    ...{ evaluated, matches, errors, alerts: alertsByDay.reduce((sum, alerts) => sum + alerts, 0) },
    maxAlertsOnADay: Math.max(0, ...alertsByDay),
    alertBudgetPerDay: rule?.maxAlertsPerDay ?? null,
    ...judgeRollout(entry, catalog, clock.now()),
  };
}
