import { type BackupManifest, backupFormat, backupNames, backupVersion, manifestName } from '../../../model/backup.ts';
import { MargayError, type Problem } from '../../../model/margay-error.ts';
import { isRecord } from '../../../model/path.ts';

/** A manifest, once its shape is known. @throws RUNTIME_BACKUP_FOREIGN */
export function parseManifest(json: string): BackupManifest {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw foreignBackup(`its ${manifestName} is not JSON`);
  }
  if (!isRecord(value) || value.format !== backupFormat)
    throw foreignBackup(`its ${manifestName} is of something else`);
  if (value.version !== backupVersion) {
    throw foreignBackup(`it has version ${JSON.stringify(value.version)}, and this Margay reads ${backupVersion}`);
  }
  const isSound =
    [value.createdAtMs, value.logEnd].every(Number.isSafeInteger) &&
    Array.isArray(value.files) &&
    value.files.every(isFile);
  if (!isSound) throw foreignBackup(`its ${manifestName} has another shape`);
  return value as unknown as BackupManifest;
}

function isFile(file: unknown): boolean {
  return (
    isRecord(file) &&
    typeof file.name === 'string' &&
    backupNames.test(file.name) &&
    Number.isSafeInteger(file.bytes) &&
    typeof file.sha256 === 'string'
  );
}

/** The error of what is no backup of ours. */
export function foreignBackup(reason: string): MargayError {
  return new MargayError('RUNTIME_BACKUP_FOREIGN', `This is no backup that this Margay can restore: ${reason}.`, {
    hint: "Name a file or folder that 'margay backup' wrote, with this version or an older one.",
  });
}

/** The error of a backup that is damaged. */
export function brokenBackup(flaws: readonly string[]): MargayError {
  const problems = flaws.map((message): Problem => ({ code: 'RUNTIME_BACKUP_BROKEN', message, severity: 'error' }));
  const more = flaws.length > 1 ? ` (and ${flaws.length - 1} more)` : '';
  return new MargayError('RUNTIME_BACKUP_BROKEN', `The backup is not whole: ${flaws[0]}${more}`, {
    hint: 'It was cut short or damaged while it was made or copied. Use another one.',
    problems,
  });
}
