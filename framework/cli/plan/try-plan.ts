import type { BundleEnvelope } from '../../model/bundle.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { Plan, PlanBacktest, PlanItem, PlanTests } from '../../model/plan.ts';
import type { RuntimeClient } from '../client.ts';

/**
 * The tests of what a plan changes and of what reads from it; `null` when it changes nothing that has tests.
 *
 * @throws TEST_CONTENT_FAILED when they cannot be run: nothing is known then, least of all that none fails.
 */
export async function testPlan(root: string, plan: Plan): Promise<PlanTests | null> {
  const touched = [...plan.items.filter(({ change }) => change !== 'removed'), ...plan.affected];
  const ids = touched.filter(({ kind }) => kind === 'detection' || kind === 'query').map(({ id }) => id);
  const filters = [...new Set(ids)].sort();
  if (filters.length === 0) return null;
  const { runContentTests } = await import('../../testing/index.ts');
  const { signal } = new AbortController();
  const options = { root, filters, engine: 'both', watch: false, signal, onReport: () => {} } as const;
  const { files, totals, problems } = await runContentTests(options);
  const broken = problems.filter(({ code, severity }) => severity === 'error' && code !== 'TEST_FILTER_UNMATCHED');
  if (broken.length > 0) throw new MargayError('TEST_CONTENT_FAILED', 'The tests cannot be run.', { problems: broken });
  const failed = files.flatMap(({ id, tests }) =>
    tests.filter(({ status }) => status === 'failed').map(({ name, where }) => ({ id, name, where })),
  );
  return { totals, failed };
}

/** More than this would keep the runtime busy for long; the rest is named in the plan. */
const maxBacktests = 20;

/** What those detections find in history whose matches or alerts may change, one after another, counts only. */
export async function backtestPlan(
  client: RuntimeClient,
  envelope: BundleEnvelope,
  plan: Plan,
  days: number,
): Promise<readonly PlanBacktest[]> {
  const backtests: PlanBacktest[] = [];
  for (const { id } of plan.items.filter(changesAlerts)) {
    const isOver = backtests.length >= maxBacktests;
    const problem = `Not tried: a plan tries ${maxBacktests} detections; see 'margay backtest ${id}'.`;
    backtests.push(isOver ? { detectionId: id, problem } : await tryOne(client, envelope, id, days));
  }
  return backtests;
}

function changesAlerts({ kind, change, aspects }: PlanItem): boolean {
  if (kind !== 'detection' || change === 'removed') return false;
  return change === 'added' || aspects.includes('logic') || aspects.includes('routing');
}

async function tryOne(
  client: RuntimeClient,
  envelope: BundleEnvelope,
  detectionId: string,
  days: number,
): Promise<PlanBacktest> {
  try {
    const report = await client.backtest({ envelope, detectionId, days, against: 'live' }, () => {});
    const { matches, alerts, notes, errors, stopped } = report;
    const failures = [
      ...errors
        .filter(({ side }) => side === 'after')
        .map((it) => `${it.functionName} failed ${it.count} times (${it.errorClass})`),
      ...(stopped.includes('after') ? ['it hung or took too much memory; later matches are missing'] : []),
    ];
    const figures = { days, matches, alerts, notes };
    return { detectionId, figures, ...(failures.length > 0 ? { problem: failures.join('; ') } : {}) };
  } catch (error) {
    if (!(error instanceof MargayError)) throw error;
    return { detectionId, problem: `${error.code}: ${error.message}` };
  }
}
