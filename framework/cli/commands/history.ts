import type { Command } from 'commander';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';

/** `margay history`: what went live. `--json` prints a `History`. */
export function historyCommand(): Command {
  const command = defineCommand<ConnectionOptions>({
    name: 'history',
    summary: 'Show what went live, when, and by whom.',
    description:
      'Shows the last 20 activations, newest first, and whether a rollback holds publishes.\nEach bundle that it shows can be gone back to.',
    examples: [['margay history', 'of the runtime on this machine']],
    run: showHistory,
  });
  return addConnectionOptions(command);
}

async function showHistory({ options, terminal }: CommandInput<ConnectionOptions>): Promise<ExitCode> {
  const history = await openClient(options, terminal).history();
  if (terminal.json) {
    terminal.printJson(history);
    return exitCodes.fine;
  }
  const { renderHistory } = await import('../reporters/history-table.ts');
  terminal.print(renderHistory(history, terminal.colors));
  return exitCodes.fine;
}
