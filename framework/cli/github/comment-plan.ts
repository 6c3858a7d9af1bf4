import { appendFile, readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { MargayError } from '../../model/margay-error.ts';
import type { Plan } from '../../model/plan.ts';
import { planMarker, renderPlanMarkdown } from '../reporters/plan-markdown.ts';
import { countChanges, countFindings } from '../reporters/plan-words.ts';
import type { Terminal } from '../terminal.ts';
import { type GithubOptions, hasGithubToken, openRepository } from './github-options.ts';
import { planAnnotations, workflowCommand } from './plan-annotations.ts';

/** Where a plan is reported. */
export interface CommentTarget extends GithubOptions {
  readonly pullNumber: number;
  readonly headSha: string;
  readonly check: string;
  readonly root: string;
}

/** Where it was reported. `summary`: the token may not write. */
export type Reported =
  | { readonly to: 'pull-request'; readonly comment: string; readonly action: string; readonly check: string | null }
  | { readonly to: 'summary'; readonly reason: string };

/** A plan as `margay plan --json` wrote it. @throws CLI_FILE_UNREADABLE */
export async function readPlan(file: string): Promise<Plan> {
  const hint = `Make it with 'margay plan --json > ${file}'.`;
  try {
    const plan = JSON.parse(await readFile(file, 'utf8')) as Plan;
    if (plan.format === 1 && Array.isArray(plan.findings)) return plan;
  } catch (cause) {
    throw new MargayError('CLI_FILE_UNREADABLE', `The plan '${file}' cannot be read.`, { hint, cause });
  }
  throw new MargayError('CLI_FILE_UNREADABLE', `'${file}' is not a plan.`, { hint });
}

/**
 * Reports a plan as the one comment of a pull request and as a check of its commit. Where the token may not write, as on
 * a pull request from a fork, it goes to the summary of the workflow's step, and its remarks become annotations.
 */
export async function commentPlan(plan: Plan, target: CommentTarget, terminal: Terminal): Promise<Reported> {
  const body = renderPlanMarkdown(plan);
  const annotations = planAnnotations(plan, prefixOf(target.root));
  const degrade = async (reason: string): Promise<Reported> => {
    const summary = process.env.GITHUB_STEP_SUMMARY;
    if (summary) await appendFile(summary, body);
    const write = terminal.json ? terminal.warn : terminal.print;
    for (const annotation of annotations) write(workflowCommand(annotation));
    return { to: 'summary', reason };
  };
  if (!hasGithubToken()) return degrade('There is no token for GitHub.');
  const github = await openRepository(target);
  const { reportCheck, writeStickyComment } = await import('../../gitops/github/index.ts');
  try {
    const { pullNumber, headSha, check: name } = target;
    const comment = await writeStickyComment(github, { pullNumber, marker: planMarker, body });
    const check = await reportCheck(github, {
      name,
      headSha,
      conclusion: plan.blocked ? 'failure' : 'success',
      title: [countChanges(plan), countFindings(plan)].filter(Boolean).join('. ') || 'No changes',
      summary: body,
      annotations,
    });
    return { to: 'pull-request', comment: comment.url, action: comment.action, check };
  } catch (error) {
    if (!(error instanceof MargayError) || error.code !== 'GITHUB_FORBIDDEN') throw error;
    return degrade(error.message);
  }
}

/** The folder of the content in the repository, as a workflow checked it out. */
function prefixOf(root: string): string {
  const workspace = process.env.GITHUB_WORKSPACE;
  if (!workspace) return '';
  const prefix = relative(workspace, resolve(root));
  return prefix.startsWith('..') ? '' : prefix;
}
