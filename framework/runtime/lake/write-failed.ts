import { MargayError } from '../../model/margay-error.ts';

/** The error for a write that the database or the disk refused. */
export function writeFailed(what: string, cause: unknown): MargayError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MargayError('LAKE_WRITE_FAILED', `${what}: ${reason}`, { hint: 'Check the disk: is it full?', cause });
}
