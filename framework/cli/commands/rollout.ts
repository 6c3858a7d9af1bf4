import type { Command } from 'commander';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { plural } from '../reporters/problems.ts';

/** `margay rollout`: new versions in the shadow (`--json`: a `RolloutList`), and one promoted early (a `RolloutReport`). */
export function rolloutCommand(): Command {
  const list = defineCommand<ConnectionOptions>({
    name: 'rollout',
    summary: 'List new versions of detections in the shadow, or promote one.',
    description:
      "Lists the new versions that run in the shadow beside the versions that alert, as `rollout: {shadow: 48h, maxAlertsPerDay: 10}` in a detection asks for: what they did so far, and why they are not promoted yet. A version is promoted by itself when its window is over, it has evaluated something, raised no errors, and stayed within its alerts a day. One that failed stays until it is promoted here, or changes.\n'margay alerts --stage shadow' lists the alerts that they would have raised.",
    examples: [
      ['margay rollout', 'what is in the shadow, since when and why'],
      ['margay rollout promote okta/mfa-bypass', 'let the new version alert now'],
    ],
    run: listRollouts,
  });
  const promote = defineCommand<ConnectionOptions>({
    name: 'promote',
    summary: 'Let a new version alert without waiting.',
    description:
      'Lets the new version of a detection alert from now on, instead of the version before, whatever came of it in the shadow. The audit table keeps who did it, and the figures.',
    examples: [['margay rollout promote okta/mfa-bypass', 'by the id of the detection']],
    run: promoteVersion,
  }).argument('<id>', 'The detection.');
  return addConnectionOptions(list).addCommand(addConnectionOptions(promote));
}

async function listRollouts({ options, terminal }: CommandInput<ConnectionOptions>): Promise<ExitCode> {
  const list = await openClient(options, terminal).rollouts();
  if (terminal.json) {
    terminal.printJson(list);
    return exitCodes.fine;
  }
  const { renderRolloutTable } = await import('../reporters/rollout-table.ts');
  if (list.rollouts.length > 0) terminal.print(renderRolloutTable(list.rollouts, terminal.colors));
  terminal.note(`(${plural(list.rollouts.length, 'new version')} in the shadow)`);
  return exitCodes.fine;
}

async function promoteVersion({ args, options, terminal }: CommandInput<ConnectionOptions>): Promise<ExitCode> {
  const promoted = await openClient(options, terminal).promote({ ruleId: args[0] as string });
  if (terminal.json) terminal.printJson(promoted);
  else terminal.print(`${promoted.ruleId} alerts with its new version.`);
  return exitCodes.fine;
}
