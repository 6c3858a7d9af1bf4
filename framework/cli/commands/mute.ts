import { type Command, InvalidArgumentError } from 'commander';
import { parseDuration } from '../../model/duration.ts';
import { maxMuteMs } from '../../model/mute.ts';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { describeMute } from '../reporters/describe-mute.ts';
import { formatTime } from '../reporters/format-time.ts';
import { plural } from '../reporters/problems.ts';
import { visibleLine } from '../visible-text.ts';

interface KeyOptions extends ConnectionOptions {
  readonly key?: string;
}

interface MuteOptions extends KeyOptions {
  readonly for: number;
  readonly reason: string;
}

/** `margay mute`: alerts of a detection are not delivered for a time. `--json` prints a `Mute`. */
export function muteCommand(): Command {
  const command = defineCommand<MuteOptions>({
    name: 'mute',
    summary: 'Stop delivering the alerts of a detection for a time.',
    description:
      'Stops the delivery of the alerts of a detection, or of one dedup key of it, for at most 7 days; then it ends by itself. Matches and alerts go on, and an alert says that it was muted. Alerts about the detection itself, such as that it fails, are delivered. What was on its way already is delivered. Every plan shows what is muted.',
    examples: [
      ['margay mute okta/mfa-bypass --for 4h --reason "a migration"', 'all of its alerts'],
      ['margay mute okta/mfa-bypass --key bart@example.com --for 1d --reason "known"', 'those of one dedup key'],
    ],
    run: mute,
  })
    .argument('<id>', 'The detection.')
    .option('--key <key>', "Only this dedup key, as 'margay alerts show' prints it.")
    .requiredOption('--for <duration>', 'How long: 90m, 4h, 2d; at most 7d.', parseMuteDuration)
    .requiredOption('--reason <text>', 'Why; whoever misses the alerts reads it.');
  return addConnectionOptions(command);
}

function parseMuteDuration(text: string): number {
  try {
    const forMs = parseDuration(text);
    if (forMs >= 1 && forMs <= maxMuteMs) return Math.round(forMs);
  } catch {
    // Refused like one that is too long.
  }
  throw new InvalidArgumentError("Expected a duration of at most 7d, such as '90m' or '4h'.");
}

async function mute({ args, options, terminal }: CommandInput<MuteOptions>): Promise<ExitCode> {
  const { key, reason } = options;
  const muted = await openClient(options, terminal).mute({
    ...{ ruleId: args[0] as string, forMs: options.for, reason },
    ...(key === undefined ? {} : { dedup: key }),
  });
  if (terminal.json) terminal.printJson(muted);
  else terminal.print(visibleLine(describeMute(muted)));
  return exitCodes.fine;
}

/** `margay unmute`: they are delivered again. `--json` prints a `Mute`. */
export function unmuteCommand(): Command {
  const command = defineCommand<KeyOptions>({
    name: 'unmute',
    summary: 'Deliver the alerts of a detection again.',
    description: 'Ends a mute before its time. What was not delivered meanwhile stays so.',
    examples: [['margay unmute okta/mfa-bypass', 'by the id of the detection']],
    run: unmute,
  })
    .argument('<id>', 'The detection.')
    .option('--key <key>', 'The dedup key, where only that was muted.');
  return addConnectionOptions(command);
}

async function unmute({ args, options, terminal }: CommandInput<KeyOptions>): Promise<ExitCode> {
  const { key } = options;
  const asked = { ruleId: args[0] as string, ...(key === undefined ? {} : { dedup: key }) };
  const ended = await openClient(options, terminal).unmute(asked);
  if (terminal.json) terminal.printJson(ended);
  else
    terminal.print(visibleLine(`${ended.ruleId} is delivered again; it was muted until ${formatTime(ended.untilMs)}.`));
  return exitCodes.fine;
}

/** `margay mutes`: what is muted. `--json` prints a `MuteList`. */
export function mutesCommand(): Command {
  const command = defineCommand<ConnectionOptions>({
    name: 'mutes',
    summary: 'List what is muted.',
    examples: [['margay mutes', 'by whom, until when and why']],
    run: listMutes,
  });
  return addConnectionOptions(command);
}

async function listMutes({ options, terminal }: CommandInput<ConnectionOptions>): Promise<ExitCode> {
  const list = await openClient(options, terminal).mutes();
  if (terminal.json) terminal.printJson(list);
  else {
    for (const muted of list.mutes) terminal.print(visibleLine(describeMute(muted)));
    terminal.note(`(${plural(list.mutes.length, 'mute')})`);
  }
  return exitCodes.fine;
}
