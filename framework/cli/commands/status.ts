import type { Command } from 'commander';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';

/** `margay status`: how a runtime is. `--json` prints a `StatusReport`. */
export function statusCommand(): Command {
  const command = defineCommand<ConnectionOptions>({
    name: 'status',
    summary: 'Show what a runtime runs and how it is.',
    description:
      'Shows the live bundle, how far the log is read, scheduled queries, deliveries and what needs attention.\nExits with 1 when something needs attention.',
    examples: [
      ['margay status', 'the runtime on this machine'],
      ['margay status --url https://margay.example.com --json', 'another one, for a monitor'],
    ],
    run: showStatus,
  });
  return addConnectionOptions(command);
}

async function showStatus({ options, terminal }: CommandInput<ConnectionOptions>): Promise<ExitCode> {
  const client = openClient(options, terminal);
  const status = await client.status();
  const { attentionLines, renderStatus } = await import('../reporters/status-report.ts');
  const attention = attentionLines(status);
  if (terminal.json) terminal.printJson(status);
  else terminal.print(renderStatus(status, client.url, terminal.colors));
  return attention.length > 0 ? exitCodes.findings : exitCodes.fine;
}
