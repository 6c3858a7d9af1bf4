import type { Command } from 'commander';
import type { Github } from '../../gitops/github/index.ts';
import type { Plan } from '../../model/plan.ts';
import { type ContentOptions, contentRoot, rootOption } from '../content-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import type { DraftedProposal } from '../github/draft-proposal.ts';
import { addGithubOptions, type GithubOptions, hasGithubToken, openRepository } from '../github/github-options.ts';
import type { ProposalResult } from '../reporters/proposal-result.ts';
import type { Terminal } from '../terminal.ts';

interface ProposeOptions extends ContentOptions, GithubOptions {
  readonly base?: string;
  readonly branch?: string;
  readonly title?: string;
  readonly ready?: true;
  readonly dryRun?: true;
}

/** `margay propose`. `--json` prints a `ProposalResult`. */
export function proposeCommand(): Command {
  const command = defineCommand<ProposeOptions>({
    name: 'propose',
    summary: 'Open the pull request for new or changed content.',
    description:
      'Puts what differs from the branch that it is to be merged into on a branch at GitHub, and opens its pull\nrequest, a draft, with the results of its tests and the MITRE ATT&CK techniques that it covers. Nothing is\npushed, and neither the work tree nor its branch is touched. What is proposed is compiled and tested alone,\nwithout what else is in the work tree; what does not compile is refused. The same again updates the same\nbranch and pull request, and leaves what people wrote into its text.\nExits with 1 when a test fails or a policy stands in the way: then only a draft is opened.',
    examples: [
      ['margay propose --dry-run', 'to see what would be proposed'],
      ['margay propose detections/okta', 'one folder'],
      ['margay propose --ready --title "Find stolen session cookies"', 'for review at once'],
    ],
    run: propose,
  })
    .argument('[path...]', 'Files and folders. (default: all content)')
    .option('--base <branch>', 'The branch that it is to be merged into. (default: that of the repository)')
    .option('--branch <name>', 'The branch that it is put on. (default: named after the local branch or the content)')
    .option('--title <text>', 'The title. (default: what changes)')
    .option('--ready', 'Ask for review at once, not as a draft.')
    .option('--dry-run', 'Show it, and change nothing.')
    .addOption(rootOption());
  return addGithubOptions(command);
}

async function propose({ args, options, terminal }: CommandInput<ProposeOptions>): Promise<ExitCode> {
  const root = contentRoot(options);
  const { describeCheckout } = await import('../../gitops/git/index.ts');
  const checkout = await describeCheckout(root);
  const access = { ...options, repository: options.repository ?? checkout.repository };
  // Before minutes of work, not after them.
  const github = options.dryRun && !hasGithubToken() ? undefined : await openRepository(access);
  const { draftProposal } = await import('../github/draft-proposal.ts');
  const drafted = await draftProposal(root, { paths: args, base: options.base, terminal });
  if (drafted === 'wrong') return exitCodes.contentWrong;
  const { renderProposalResult } = await import('../reporters/proposal-result.ts');
  const show = (result: ProposalResult) =>
    terminal.json ? terminal.printJson(result) : terminal.print(renderProposalResult(result));
  if (drafted === 'nothing') {
    show({ action: 'nothing', files: [] });
    return exitCodes.fine;
  }
  if (options.ready && drafted.plan.blocked) return refuseReady(drafted.plan, terminal);
  const { branchNames } = await import('../github/carry-out-proposal.ts');
  const names = options.branch ? [options.branch] : branchNames(checkout, options.base, drafted);
  show(await act({ root, github, drafted, names, options }));
  return drafted.plan.blocked ? exitCodes.findings : exitCodes.fine;
}

async function act(input: {
  readonly root: string;
  /** Absent: it cannot be asked. */
  readonly github: Github | undefined;
  readonly drafted: DraftedProposal;
  readonly names: readonly string[];
  readonly options: ProposeOptions;
}): Promise<ProposalResult> {
  const { root, github, drafted, names, options } = input;
  const { findOpenPullRequest } = await import('../../gitops/github/index.ts');
  const known = github && (await findOpenPullRequest(github, names));
  const branch = known?.branch ?? (names[0] as string);
  const { plan, coverage, body } = drafted;
  const title = options.title ?? drafted.title;
  const files = drafted.files.map(({ path, change }) => ({ path, change }));
  const told = { branch, files, tests: plan.tests, coverage, findings: plan.findings };
  if (options.dryRun || !github) {
    const there = known ? { number: known.number, url: known.url } : {};
    return { action: known ? 'would-update' : 'would-open', ...told, ...there, title, draft: !options.ready, body };
  }
  const { carryOutProposal } = await import('../github/carry-out-proposal.ts');
  const target = { branch, base: options.base, title: options.title, draft: !options.ready };
  const made = await carryOutProposal(github, root, drafted, target);
  const action = made.isNew ? 'opened' : made.isChanged ? 'updated' : 'unchanged';
  return {
    action,
    ...told,
    title: made.title,
    draft: made.draft,
    number: made.number,
    url: made.url,
    commit: made.headSha,
  };
}

/** A draft may fail: that is what it is for. */
async function refuseReady(plan: Plan, terminal: Terminal): Promise<ExitCode> {
  const { renderPlan } = await import('../reporters/plan-text.ts');
  if (terminal.json) terminal.printJson(plan);
  else terminal.print(renderPlan(plan, terminal.colors));
  terminal.warn('Nothing was proposed: it is not ready for review. Without --ready it becomes a draft.');
  return exitCodes.findings;
}
