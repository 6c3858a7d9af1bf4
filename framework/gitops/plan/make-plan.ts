import type { Bundle } from '../../model/bundle.ts';
import { canonicalJson } from '../../model/canonical-json.ts';
import type { LineageGraph } from '../../model/lineage.ts';
import type { Problem } from '../../model/margay-error.ts';
import type { Plan, PlanBase, PolicySettings } from '../../model/plan.ts';
import { sha256Digest } from '../../model/stable-id.ts';
import { compareCoverage } from './coverage.ts';
import { diffBundles } from './diff-bundles.ts';
import { findAffected } from './find-affected.ts';
import { isBlocked, judgePlan } from './judge-plan.ts';
import { policyContext } from './policies/policy.ts';

/** A bundle with what flows in it. */
export interface PlannedBundle {
  readonly bundle: Bundle;
  readonly lineage: LineageGraph;
}

/** What a plan is made of. */
export interface PlanInput {
  readonly base: PlanBase;
  /** What is live; `undefined`: nothing. */
  readonly before: PlannedBundle | undefined;
  readonly after: PlannedBundle & { readonly digest: string; readonly commit: string | undefined };
  readonly policies: PolicySettings;
  readonly problems: readonly Problem[];
  /** Decides which waivers have ended. */
  readonly nowMs: number;
}

/** What publishing `after` would change, whom it reaches, and what the policies say of it. The same input gives the same plan. */
export function makePlan({ base, before, after, ...input }: PlanInput): Plan {
  const { items, unchangedCount } = diffBundles(before?.bundle, after.bundle);
  const coverage = compareCoverage(before?.bundle, after.bundle);
  const context = policyContext({ before: before?.bundle, after: after.bundle, items, coverage });
  const findings = judgePlan(context, input.policies, input.nowMs);
  return {
    format: 1,
    digest: sha256Digest(canonicalJson({ before: digestOf(base), after: after.digest, items, findings })),
    base,
    bundle: { digest: after.digest, commit: after.commit ?? null },
    items,
    unchangedCount,
    affected: findAffected(items, { before: before?.lineage, after: after.lineage }),
    coverage,
    findings,
    problems: input.problems,
    tests: null,
    backtests: [],
    blocked: isBlocked(findings),
  };
}

/** The plan with how its tests went and what history says of it; a failed test stands in the way as an error does. */
export function completePlan(
  { blocked, ...plan }: Plan,
  tried: Pick<Plan, 'tests' | 'backtests' | 'drift' | 'mutes'>,
): Plan {
  return { ...plan, ...tried, blocked: blocked || (tried.tests?.totals.failed ?? 0) > 0 };
}

/** What a plan compares with, whatever runtime holds it. */
function digestOf(base: PlanBase): string | null {
  if (base.kind === 'live') return base.digest;
  return base.kind === 'commit' ? base.commit : null;
}
