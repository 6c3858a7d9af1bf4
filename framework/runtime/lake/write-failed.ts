import { MargayError } from '../../model/margay-error.ts';
import { isOutOfMemory, workFailure } from './database-failure.ts';

/** The error for a write that the database or the disk refused. */
export function writeFailed(what: string, cause: unknown): MargayError {
  return new MargayError('LAKE_WRITE_FAILED', `${what}: ${workFailure(cause)}`, {
    hint: isOutOfMemory(cause) ? 'Give the machine more memory, or write less at once.' : 'Check the disk: is it full?',
    cause,
  });
}
