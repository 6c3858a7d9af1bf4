import { MargayError } from '../model/margay-error.ts';

/** What the command line tells its caller. */
export const exitCodes = {
  fine: 0,
  /** Findings, failed tests, files that `fmt --check` would change, records that were refused. */
  findings: 1,
  /** Content or SQL is wrong. */
  contentWrong: 2,
  /** Arguments or configuration are wrong, or the runtime refuses or does not answer. */
  usageWrong: 3,
  /** Our bug. */
  bug: 70,
  /** Stopped by Ctrl-C, after what was in flight. */
  interrupted: 130,
} as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const contentRooms = ['COMPILE', 'MATCH', 'MODEL', 'NORMALISE', 'SQL', 'TEST'];

/** The exit code of an error: known errors by the room of their code, anything else is our bug. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof MargayError)) return exitCodes.bug;
  if (error.code.endsWith('_INTERNAL')) return exitCodes.bug;
  const content = contentRooms.includes(error.code.split('_', 1)[0] as string) || error.code.endsWith('_TESTS_FAILED');
  return content ? exitCodes.contentWrong : exitCodes.usageWrong;
}
