import { existsSync, symlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { StagedFile } from '../../gitops/git/index.ts';
import type { Plan } from '../../model/plan.ts';
import { compileForRuntime } from '../compile-for-runtime.ts';
import {
  type ProposedCoverage,
  proposalTitle,
  proposedCoverage,
  renderProposal,
} from '../reporters/proposal-markdown.ts';
import type { Terminal } from '../terminal.ts';

/** What a pull request would bring, tried. */
export interface DraftedProposal {
  /** The commit that the work is upon. */
  readonly from: string;
  readonly files: readonly StagedFile[];
  /** Against `from`. Its `blocked`: a test fails, or a policy stands in the way. */
  readonly plan: Plan;
  readonly coverage: readonly ProposedCoverage[];
  readonly title: string;
  /** Markdown. */
  readonly body: string;
}

/** What is proposed where no path is given. */
const contentPaths = ['detections', 'scheduled-queries', 'log-types', 'lookups', 'fixtures', 'margay.config.ts'];

/**
 * What differs from the commit that the work is upon, compiled and tested alone: without what else is in the work tree.
 * `wrong`: the content has errors, which are shown then. `nothing`: nothing differs.
 *
 * @param paths - Files and folders, from the current folder. Empty: all content.
 * @param base - The branch that the work is to be merged into.
 */
export async function draftProposal(
  root: string,
  {
    paths,
    base,
    terminal,
  }: { readonly paths: readonly string[]; readonly base?: string | undefined; readonly terminal: Terminal },
): Promise<DraftedProposal | 'wrong' | 'nothing'> {
  const { findMergeBase, knownPaths, remoteBranch, stageWork } = await import('../../gitops/git/index.ts');
  const from = await findMergeBase(root, base && (await remoteBranch(root, base)));
  const asked = paths.length > 0 ? paths.map((path) => resolve(path)) : await knownPaths(root, from, contentPaths);
  const folder = await mkdtemp(join(tmpdir(), 'margay-proposal-'));
  try {
    const { root: staged, files } = await stageWork(root, { commit: from, paths: asked, folder });
    if (files.length === 0) return 'nothing';
    const packages = join(root, 'node_modules');
    if (existsSync(packages)) symlinkSync(packages, join(staged, 'node_modules'));
    return await tryProposal(root, { staged, from, files, terminal });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function tryProposal(
  root: string,
  {
    staged,
    from,
    files,
    terminal,
  }: Pick<DraftedProposal, 'from' | 'files'> & { readonly staged: string; readonly terminal: Terminal },
): Promise<DraftedProposal | 'wrong'> {
  const compiled = await compileForRuntime(staged, terminal, 'nothing was proposed');
  if (!compiled) return 'wrong';
  const [{ compileBase }, { draftPlan }, { testPlan }, { completePlan, techniquesAmong }] = await Promise.all([
    import('../plan/read-base.ts'),
    import('../plan/draft-plan.ts'),
    import('../plan/try-plan.ts'),
    import('../../gitops/plan/index.ts'),
  ]);
  const drafted = await draftPlan(compiled, await compileBase(root, from, 'it is what the pull request is upon'));
  const plan = completePlan(drafted, { tests: await testPlan(staged, drafted), backtests: [] });
  const coverage = proposedCoverage(plan, compiled.bundle, techniquesAmong);
  return { from, files, plan, coverage, title: proposalTitle(plan, files), body: renderProposal(plan, coverage) };
}
