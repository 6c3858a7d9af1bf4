import type { ErrorCode } from '../model/error-codes.ts';
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
  /** Something would change, for who asked with `--detailed-exitcode`. */
  changes: 10,
  /** Our bug. */
  bug: 70,
  /** Stopped by Ctrl-C, after what was in flight. */
  interrupted: 130,
} as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const contentRooms = ['COMPILE', 'MATCH', 'MODEL', 'NORMALISE', 'SQL', 'TEST'];
const contentRefusals: readonly ErrorCode[] = [
  'API_BUNDLE_TESTS_FAILED',
  'API_QUERY_INVALID',
  'LAKE_NUMBER_TOO_LARGE',
  'LAKE_QUERY_FAILED',
  'LAKE_QUERY_TIMEOUT',
];

/** The exit code of an error: known errors by the room of their code, anything else is our bug. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof MargayError)) return exitCodes.bug;
  if (error.code === 'API_FAILED') return exitCodes.bug;
  if (error.code === 'TEST_VITEST_MISSING') return exitCodes.usageWrong;
  const room = error.code.split('_', 1)[0] as string;
  const isContent = contentRooms.includes(room) || contentRefusals.includes(error.code);
  return isContent ? exitCodes.contentWrong : exitCodes.usageWrong;
}
