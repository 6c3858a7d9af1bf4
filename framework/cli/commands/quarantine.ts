import type { Command } from 'commander';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { plural } from '../reporters/problems.ts';

/**
 * `margay quarantine`: the detections that are stopped (`--json`: `quarantined` of a `StatusReport`), and one let run
 * again (`lift --json`: a `LiftResponse`).
 */
export function quarantineCommand(): Command {
  const list = defineCommand<ConnectionOptions>({
    name: 'quarantine',
    summary: 'List stopped detections, or let one run again.',
    description:
      'Lists the detections that were stopped because they did not end, or took the worker down.\nA stopped detection runs again when its logic changes, or when it is lifted.',
    examples: [
      ['margay quarantine', 'what is stopped, since when and why'],
      ['margay quarantine lift okta/slow-rule', 'let it run again as it is'],
    ],
    run: listQuarantine,
  });
  const lift = defineCommand<ConnectionOptions>({
    name: 'lift',
    summary: 'Let a stopped detection run again.',
    description: 'Lets a stopped detection run again from now on. What it missed is not made up for.',
    examples: [['margay quarantine lift okta/slow-rule', 'by the id of the detection']],
    run: liftQuarantine,
  }).argument('<id>', 'The detection.');
  return addConnectionOptions(list).addCommand(addConnectionOptions(lift));
}

async function listQuarantine({ options, terminal }: CommandInput<ConnectionOptions>): Promise<ExitCode> {
  const { quarantined } = await openClient(options, terminal).status();
  if (terminal.json) {
    terminal.printJson({ quarantined });
    return exitCodes.fine;
  }
  const { renderQuarantineTable } = await import('../reporters/quarantine-table.ts');
  if (quarantined.length > 0) terminal.print(renderQuarantineTable(quarantined, terminal.colors));
  terminal.note(`(${plural(quarantined.length, 'stopped detection')})`);
  return exitCodes.fine;
}

async function liftQuarantine({ args, options, terminal }: CommandInput<ConnectionOptions>): Promise<ExitCode> {
  const lifted = await openClient(options, terminal).liftQuarantine(args[0] as string);
  if (terminal.json) terminal.printJson(lifted);
  else terminal.print(`${lifted.ruleId} runs again.`);
  return exitCodes.fine;
}
