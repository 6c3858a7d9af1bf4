import type { Command } from 'commander';
import type { PublishResponse } from '../../runtime/api/index.ts';
import type { RuntimeClient } from '../client.ts';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { addGithubOptions, type GithubOptions } from '../github/github-options.ts';
import type { RollbackRevert } from '../github/revert-rollback.ts';
import { renderError } from '../reporters/problems.ts';

interface RollbackOptions extends ConnectionOptions, GithubOptions {
  readonly to?: string;
  readonly reason: string;
  readonly pullRequest: boolean;
}

/** `margay rollback`: what was live before is live again. `--json` prints a `PublishResponse` and its `revert`. */
export function rollbackCommand(): Command {
  const command = defineCommand<RollbackOptions>({
    name: 'rollback',
    summary: 'Make an earlier bundle live again, and hold publishes.',
    description:
      "Makes an earlier bundle live again: what was live before the live one was published, or the one you name. Nothing is compiled or tested, so that it takes seconds. Until 'margay resume' every publish is refused, so that the next merge does not bring back what was rolled back. The last 20 activations can be gone back to.\nWhere a repository on GitHub is named, the pull request that takes the same back there is opened; when that fails, the rollback stands, and the exit code is 1.",
    examples: [
      ['margay rollback --reason "a flood of alerts"', 'to what was live before'],
      ['margay rollback --to sha256:3f2a9c417be0 --reason "the last good one"', "to one that 'margay history' shows"],
      ['margay rollback --reason "a flood" --repository team/detections', 'and open the pull request that reverts it'],
    ],
    run: rollBack,
  })
    .option('--to <digest>', 'The bundle; the first 8 digits and more are enough.')
    .requiredOption('--reason <text>', 'Why; whoever is refused a publish reads it.')
    .option('--no-pull-request', 'Do not open the pull request that reverts it.');
  return addGithubOptions(addConnectionOptions(command));
}

async function rollBack({ options, terminal }: CommandInput<RollbackOptions>): Promise<ExitCode> {
  const { to, reason } = options;
  const client = openClient(options, terminal);
  const answer = await client.rollback({ to, reason });
  if (!terminal.json) terminal.print(`${answer.digest} is live again at ${client.url}, serial ${answer.serial}`);
  terminal.note("Publishes are refused until 'margay resume'.");
  for (const name of answer.missingSecrets) {
    terminal.warn(`warning: the runtime has no ${name} in its environment; what needs it is not delivered.`);
  }
  const revert = await revertOf(answer, options, client);
  if (terminal.json) terminal.printJson({ ...answer, revert: withoutStack(revert) });
  else if (revert.state === 'opened') terminal.print(`Pull request ${revert.url} takes it back in the repository.`);
  if (revert.state === 'skipped') terminal.note(`No pull request takes it back: ${revert.reason}`);
  if (revert.state !== 'failed') return exitCodes.fine;
  terminal.warn(renderError(revert.error, terminal.noteColors));
  terminal.warn('It is rolled back, but no pull request takes it back in the repository.');
  return exitCodes.findings;
}

async function revertOf(
  answer: PublishResponse,
  options: RollbackOptions,
  client: RuntimeClient,
): Promise<RollbackRevert> {
  if (!options.pullRequest) return { state: 'skipped', reason: 'It was not wanted.' };
  const { revertRollback } = await import('../github/revert-rollback.ts');
  return revertRollback(client, answer, options);
}

/** As JSON shows it. */
function withoutStack(revert: RollbackRevert): object {
  if (revert.state !== 'failed') return revert;
  const { code, message, hint } = revert.error;
  return { state: revert.state, error: { code, message, hint } };
}

/** `margay resume`: publishes go through again. `--json` prints a `LiveBundle`. */
export function resumeCommand(): Command {
  const command = defineCommand<ConnectionOptions>({
    name: 'resume',
    summary: 'Let publishes through again after a rollback.',
    description: 'Lets publishes through again after a rollback. What is live stays live.',
    examples: [['margay resume', 'once what was rolled back is put right in the repository']],
    run: resume,
  });
  return addConnectionOptions(command);
}

async function resume({ options, terminal }: CommandInput<ConnectionOptions>): Promise<ExitCode> {
  const client = openClient(options, terminal);
  const live = await client.resume();
  if (terminal.json) terminal.printJson(live);
  else terminal.print(`Publishes go through again at ${client.url}; serial ${live.serial} is live.`);
  return exitCodes.fine;
}
