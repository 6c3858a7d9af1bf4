import { type Command, Option } from 'commander';
import { MargayError } from '../../model/margay-error.ts';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { onInterrupt } from '../on-interrupt.ts';
import { parseCount } from '../parse-count.ts';
import { plural } from '../reporters/problems.ts';
import { openProgress } from '../reporters/progress.ts';
import { batchRecords } from '../send/batch-records.ts';
import { type DeadLetterCount, findDeadLetters } from '../send/find-dead-letters.ts';
import { openInput } from '../send/open-input.ts';
import { nothingSent, type SendTotals, sendBatches } from '../send/send-batches.ts';
import { splitRecords } from '../send/split-records.ts';
import type { Terminal } from '../terminal.ts';
import { visibleLine } from '../visible-text.ts';

interface SendCommandOptions extends ConnectionOptions {
  readonly logType: string;
  readonly key?: string;
  readonly source: string;
  readonly batchBytes: number;
}

/** What `margay send --json` prints, also when it was stopped or refused on the way. */
export interface SendReport extends SendTotals {
  /** Whether the whole input was sent. */
  readonly complete: boolean;
  /** Records that the runtime accepted and could not read as events, by reason; `null`: it does not tell yet. */
  readonly deadLetters: readonly DeadLetterCount[] | null;
}

const maxRecordBytes = 64 * 1024 * 1024;

/** `margay send`: a file of logs into a runtime. */
export function sendCommand(): Command {
  const command = defineCommand<SendCommandOptions>({
    name: 'send',
    summary: 'Send logs to a runtime.',
    description:
      'Sends NDJSON, a JSON array, or the envelope that the log type declares, gzip or not, whatever the name.\nSending the same file again adds nothing, so a broken or stopped send is simply repeated.',
    examples: [
      ['margay send okta.ndjson.gz --log-type Okta.SystemLog', 'a file'],
      ['margay send - --log-type Okta.SystemLog < okta.json', 'standard input'],
      ['margay send okta.json --log-type Okta.SystemLog --json', 'the counts as JSON'],
    ],
    run: send,
  })
    .argument('<file>', "The file; '-' is standard input.")
    .requiredOption('--log-type <type>', 'What the records are, as in Okta.SystemLog.')
    .option('--source <name>', 'Who sends them: the p_source of the events.', '')
    .option('--key <key>', 'Identify the input by this instead of its content; the same key is accepted once.')
    .addOption(
      new Option('--batch-bytes <n>', 'The size of a request.').argParser(parseCount).default(1_048_576, '1 MiB'),
    );
  return addConnectionOptions(command);
}

async function send({ args, options, terminal }: CommandInput<SendCommandOptions>): Promise<ExitCode> {
  const client = openClient(options, terminal);
  const input = await openInput(args[0] as string);
  const stop = new AbortController();
  const release = onInterrupt(() => {
    terminal.note('\nStopping after the batch in flight. Ctrl-C again stops at once.');
    stop.abort();
  });
  const progress = openProgress(terminal, input.totalBytes);
  const records = splitRecords(input.chunks, { documentBytes: options.batchBytes, maxRecordBytes });
  const accepted: string[] = [];
  let totals = nothingSent;
  try {
    totals = await sendBatches(batchRecords(records, options.batchBytes), {
      client,
      logType: options.logType,
      source: options.source,
      identity: options.key ?? input.digest,
      stop: stop.signal,
      onProgress: (current) => {
        totals = current;
        progress.show(input.readBytes(), plural(current.records, 'record'));
      },
      onAccepted: (key) => accepted.push(key),
      onRetry: (error, delayMs) =>
        progress.message(`${error.message} Trying again in ${Math.ceil(delayMs / 1_000)} s.`),
      onRefused: (offset) =>
        progress.message(`warning: the record at byte ${offset} is too large for the runtime, and was left out.`),
    });
  } catch (error) {
    progress.close();
    if (stop.signal.aborted) {
      reportTotals({ totals, complete: false, deadLetters: [] }, terminal);
      return exitCodes.interrupted;
    }
    // As JSON the error is the one document; what was sent is in it.
    if (terminal.json) throw withTotals(error, totals);
    reportTotals({ totals, complete: false, deadLetters: [] }, terminal);
    throw error;
  } finally {
    progress.close();
    release();
  }
  const complete = !stop.signal.aborted;
  const deadLetters = complete ? await findDeadLetters(client, accepted) : [];
  reportTotals({ totals, complete, deadLetters }, terminal);
  if (!complete) return exitCodes.interrupted;
  return totals.refused > 0 || deadLetters?.length ? exitCodes.findings : exitCodes.fine;
}

/** The error, with what was sent before it in its message. */
function withTotals(error: unknown, { records, batches }: SendTotals): unknown {
  if (!(error instanceof MargayError)) return error;
  const sent = batches === 0 ? 'Nothing was sent' : `${plural(records, 'record')} were sent before`;
  return new MargayError(error.code, `${error.message} ${sent}.`, { hint: error.hint, cause: error });
}

interface SendOutcome {
  readonly totals: SendTotals;
  readonly complete: boolean;
  readonly deadLetters: readonly DeadLetterCount[] | undefined;
}

function reportTotals({ totals, complete, deadLetters }: SendOutcome, terminal: Terminal): void {
  if (terminal.json) {
    terminal.printJson({ ...totals, complete, deadLetters: deadLetters ?? null } satisfies SendReport);
    return;
  }
  const { records, duplicates, refused, batches } = totals;
  if (!complete && batches === 0) {
    terminal.print('nothing was sent');
    return;
  }
  const parts = [
    `${plural(records - duplicates, 'record')} accepted`,
    ...(duplicates > 0 ? [`${duplicates.toLocaleString('en')} sent before`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
  ];
  const rest = complete ? '' : '; the rest was not sent. Send the same again: nothing counts twice.';
  terminal.print(`${parts.join(', ')} (${plural(batches, 'batch', 'batches')})${rest}`);
  reportDeadLetters(deadLetters, terminal);
}

/** What was accepted and is no event is told to whoever sent it: nobody else would look. */
function reportDeadLetters(deadLetters: SendOutcome['deadLetters'], terminal: Terminal): void {
  if (!deadLetters) {
    terminal.note("The runtime does not tell yet whether all records are events; see 'margay status' later.");
    return;
  }
  for (const { code, count, example } of deadLetters) {
    terminal.warn(`${plural(count, 'record')} set aside: ${code} ${visibleLine(example)}`);
  }
  if (deadLetters.length > 0) terminal.warn('They are in the table dead_letters.');
}
