import { type Command, Option } from 'commander';
import type { DeliveryReport } from '../../model/delivery.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { ReplayRequest } from '../../runtime/api/index.ts';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { parseCount } from '../parse-count.ts';
import { plural } from '../reporters/problems.ts';

interface ListOptions extends ConnectionOptions {
  readonly status?: DeliveryReport['status'];
  readonly limit: number;
}

interface ReplayOptions extends ConnectionOptions {
  readonly all?: true;
}

/**
 * `margay deliveries`: deliveries, what changed last first (`--json`: a `DeliveryList`), and failed ones tried again
 * (`replay --json`: a `ReplayResponse`).
 */
export function deliveriesCommand(): Command {
  const list = defineCommand<ListOptions>({
    name: 'deliveries',
    summary: 'List deliveries, or try failed ones again.',
    examples: [
      ['margay deliveries', 'the 50 that changed last'],
      ['margay deliveries --status failed', 'what was given up, with keys and reasons'],
      ['margay deliveries replay --all', 'try everything that was given up again'],
    ],
    run: listDeliveries,
  })
    .addOption(new Option('--status <status>', 'Only of this status.').choices(['pending', 'delivered', 'failed']))
    .addOption(new Option('--limit <n>', 'At most this many.').argParser(parseCount).default(50));
  const replay = defineCommand<ReplayOptions>({
    name: 'replay',
    summary: 'Try failed deliveries again.',
    description: 'Tries a failed delivery again, or all of them, each with all its attempts.',
    examples: [
      ['margay deliveries replay 9d1f6a20c4b37e585d0c1b2a39486f7e/slack', 'one, by its key'],
      ['margay deliveries replay --all', 'every one that was given up'],
    ],
    run: replayDeliveries,
  })
    .argument('[key]', "The delivery, as 'margay deliveries --status failed' lists it.")
    .option('--all', 'All that failed.');
  return addConnectionOptions(list).addCommand(addConnectionOptions(replay));
}

async function listDeliveries({ options, terminal }: CommandInput<ListOptions>): Promise<ExitCode> {
  const { status, limit } = options;
  const list = await openClient(options, terminal).deliveries({ limit, status });
  if (terminal.json) {
    terminal.printJson(list);
    return exitCodes.fine;
  }
  const { renderDeliveryTable } = await import('../reporters/delivery-table.ts');
  const { deliveries, truncated } = list;
  if (deliveries.length > 0) terminal.print(renderDeliveryTable(deliveries, terminal.colors));
  const count = plural(deliveries.length, 'delivery', 'deliveries');
  terminal.note(`(${count}${truncated ? ', there are more: see --limit' : ''})`);
  return exitCodes.fine;
}

async function replayDeliveries({ args, options, terminal }: CommandInput<ReplayOptions>): Promise<ExitCode> {
  const answer = await openClient(options, terminal).replay(replayRequest(args[0], options.all));
  if (terminal.json) terminal.printJson(answer);
  else terminal.print(`${plural(answer.replayed, 'delivery', 'deliveries')} will be tried again.`);
  return exitCodes.fine;
}

function replayRequest(key: string | undefined, all: true | undefined): ReplayRequest {
  if (key !== undefined && all === undefined) return { key };
  if (key === undefined && all) return { all };
  throw new MargayError('CLI_ARGUMENTS_INVALID', 'Give either the key of a delivery or --all.', {
    hint: "'margay deliveries --status failed' lists the keys.",
  });
}
