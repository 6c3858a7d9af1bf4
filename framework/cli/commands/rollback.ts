import type { Command } from 'commander';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';

interface RollbackOptions extends ConnectionOptions {
  readonly to?: string;
  readonly reason: string;
}

/** `margay rollback`: what was live before is live again. `--json` prints a `PublishResponse`. */
export function rollbackCommand(): Command {
  const command = defineCommand<RollbackOptions>({
    name: 'rollback',
    summary: 'Make an earlier bundle live again, and hold publishes.',
    description:
      "Makes an earlier bundle live again: what was live before the live one was published, or the one you name.\nNothing is compiled or tested, so that it takes seconds. Until 'margay resume' every publish is refused,\nso that the next merge does not bring back what was rolled back. The last 20 activations can be gone back to.",
    examples: [
      ['margay rollback --reason "a flood of alerts"', 'to what was live before'],
      ['margay rollback --to sha256:3f2a9c417be0 --reason "the last good one"', "to one that 'margay history' shows"],
    ],
    run: rollBack,
  })
    .option('--to <digest>', 'The bundle; the first 8 digits and more are enough.')
    .requiredOption('--reason <text>', 'Why; whoever is refused a publish reads it.');
  return addConnectionOptions(command);
}

async function rollBack({ options, terminal }: CommandInput<RollbackOptions>): Promise<ExitCode> {
  const { to, reason } = options;
  const client = openClient(options, terminal);
  const answer = await client.rollback({ to, reason });
  if (terminal.json) terminal.printJson(answer);
  else terminal.print(`${answer.digest} is live again at ${client.url}, serial ${answer.serial}`);
  terminal.note("Publishes are refused until 'margay resume'.");
  for (const name of answer.missingSecrets) {
    terminal.warn(`warning: the runtime has no ${name} in its environment; what needs it is not delivered.`);
  }
  return exitCodes.fine;
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
