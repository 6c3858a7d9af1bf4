import { type Command, Option } from 'commander';
import { parseDays } from './parse-count.ts';
import { parseTime } from './parse-time.ts';

/** Which part of a runtime's history a command is about. */
export interface HistoryOptions {
  readonly days: number;
  readonly until?: string;
}

/** Adds `--days` and `--until`. */
export function addHistoryOptions(command: Command): Command {
  const until = new Option(
    '--until <time>',
    'The end of the window, ISO 8601. (default: just after the last event came in)',
  );
  return command
    .addOption(new Option('--days <n>', 'How far back.').argParser(parseDays).default(30))
    .addOption(until.argParser(parseTime));
}
