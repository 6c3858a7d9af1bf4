import type { Bundle } from '../../model/bundle.ts';
import type { Plan } from '../../model/plan.ts';
import type { CompiledForRuntime } from '../compile-for-runtime.ts';
import type { ReadBase } from './read-base.ts';

/** What publishing compiled content would change, and what the policies say of it; nothing is tried yet. */
export async function draftPlan(compiled: CompiledForRuntime, { base, bundle: live }: ReadBase): Promise<Plan> {
  const [{ buildLineage }, { makePlan }] = await Promise.all([
    import('../../compile/index.ts'),
    import('../../gitops/plan/index.ts'),
  ]);
  const withLineage = async (bundle: Bundle) => ({ bundle, lineage: await buildLineage(bundle) });
  const { bundle, envelope, policies, problems } = compiled;
  return makePlan({
    base,
    before: live && (await withLineage(live)),
    after: { ...(await withLineage(bundle)), digest: envelope.digest, commit: envelope.commit },
    policies,
    problems,
    nowMs: Date.now(),
  });
}
