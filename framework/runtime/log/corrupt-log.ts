import { MargayError } from '../../model/margay-error.ts';

/** The error for bytes that had been acknowledged and can't be read any more. */
export function corruptLog(file: string, offset: number, reason: string): MargayError {
  return new MargayError('LOG_CORRUPT', `The log is damaged in ${file} at byte ${offset}. ${reason}`, {
    hint: 'Nothing was changed. Restore the file from a backup, or check the disk.',
  });
}
