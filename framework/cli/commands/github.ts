import { Command, InvalidArgumentError, Option } from 'commander';
import { MargayError } from '../../model/margay-error.ts';
import { type ContentOptions, rootOption } from '../content-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import {
  addGithubOptions,
  type GithubOptions,
  openRepository,
  readPullRequestEvent,
} from '../github/github-options.ts';
import { setupCommand } from '../github/setup-command.ts';

interface CommentOptions extends GithubOptions, ContentOptions {
  readonly plan: string;
  readonly pull?: number;
  readonly sha?: string;
  readonly check: string;
}

interface DeploymentOptions extends GithubOptions {
  readonly state: 'in_progress' | 'success' | 'failure';
  readonly environment: string;
  readonly sha?: string;
  readonly url?: string;
}

/** `margay github`: what workflows tell GitHub, and how a repository there is set up. */
export function githubCommand(): Command {
  return new Command('github')
    .summary('Report to GitHub, and set a repository up.')
    .description(
      'Reports plans and publishes to GitHub, and sets a repository up there. The token comes from GITHUB_TOKEN or GH_TOKEN.',
    )
    .addCommand(commentCommand())
    .addCommand(deploymentCommand())
    .addCommand(setupCommand());
}

/** `--json` prints a `Reported`. */
function commentCommand(): Command {
  const command = defineCommand<CommentOptions>({
    name: 'comment',
    summary: 'Write a plan to its pull request.',
    description:
      'Writes a plan as the one comment of a pull request, in place when it is there already, and as a check of\nits commit with a remark on each line that it speaks of. Where the token may not write, as on a pull\nrequest from a fork, the plan goes to the summary of the step and its remarks become annotations.\nExits with 1 when the plan is blocked, as margay plan does.',
    examples: [
      ['margay github comment --plan plan.json', 'in a workflow, after `margay plan --json > plan.json`'],
      ['margay github comment --plan plan.json --pull 7 --sha 4f0c2a1', 'elsewhere'],
    ],
    run: comment,
  })
    .requiredOption('--plan <file>', 'What `margay plan --json` printed.')
    .option('--pull <number>', 'The pull request. (default: that of the workflow)', parseNumber)
    .option('--sha <sha>', "The newest commit of its branch. (default: the workflow's)")
    .option('--check <name>', 'The name of the check.', 'margay plan')
    .addOption(rootOption());
  return addGithubOptions(command);
}

async function comment({ options, terminal }: CommandInput<CommentOptions>): Promise<ExitCode> {
  const { commentPlan, readPlan } = await import('../github/comment-plan.ts');
  const plan = await readPlan(options.plan);
  const event = readPullRequestEvent();
  const pullNumber = options.pull ?? event.number;
  const headSha = options.sha ?? event.headSha ?? process.env.GITHUB_SHA;
  if (pullNumber === undefined || !headSha) throw missing('which pull request it is', '--pull NUMBER and --sha SHA');
  const reported = await commentPlan(plan, { ...options, pullNumber, headSha }, terminal);
  if (terminal.json) terminal.printJson(reported);
  else if (reported.to === 'summary') terminal.note(`No comment was written: ${reported.reason}`);
  else terminal.print(`${reported.action} ${reported.comment}`);
  return plan.blocked ? exitCodes.findings : exitCodes.fine;
}

/** `--json` prints `{id}`. */
function deploymentCommand(): Command {
  const command = defineCommand<DeploymentOptions>({
    name: 'deployment',
    summary: 'Report how a publish goes.',
    description:
      'Reports a publish as a deployment of its commit to an environment, with a status. The same commit in the\nsame environment is one deployment, and a status that it has already is not reported twice.',
    examples: [
      ['margay github deployment --state in_progress', 'in a workflow, before `margay publish`'],
      ['margay github deployment --state success --environment live', 'after it'],
    ],
    run: deployment,
  })
    .addOption(
      new Option('--state <state>', 'How it goes.')
        .choices(['in_progress', 'success', 'failure'])
        .makeOptionMandatory(),
    )
    .option('--environment <name>', 'The environment.', 'live')
    .addOption(new Option('--sha <sha>', 'The commit.').env('GITHUB_SHA'))
    .addOption(new Option('--url <url>', 'The runtime.').env('MARGAY_URL'));
  return addGithubOptions(command);
}

async function deployment({ options, terminal }: CommandInput<DeploymentOptions>): Promise<ExitCode> {
  const { sha, state, environment, url } = options;
  if (!sha) throw missing('which commit it is', '--sha SHA');
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  const logUrl = server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
  const github = await openRepository(options);
  const { reportDeployment } = await import('../../gitops/github/index.ts');
  const description = { in_progress: 'Publishing', success: 'Published', failure: 'Not published' }[state];
  const id = await reportDeployment(github, { sha, environment, state, description, environmentUrl: url, logUrl });
  if (terminal.json) terminal.printJson({ id });
  else terminal.print(`Deployment ${id} to ${environment}: ${state}`);
  return exitCodes.fine;
}

function missing(what: string, options: string): MargayError {
  return new MargayError('CLI_ARGUMENTS_INVALID', `It cannot be told ${what}.`, { hint: `Say it with ${options}.` });
}

function parseNumber(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected the number of a pull request, such as '7'.");
}
