import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { type BackupFile, type BackupManifest, backupNames, manifestName } from '../../../model/backup.ts';
import { brokenBackup, foreignBackup, parseManifest } from './backup-manifest.ts';
import { openBackup } from './open-backup.ts';

/**
 * Reads a whole backup and holds it against its manifest: that is, checks whether it is what was written. Whoever may
 * write into it may change both.
 *
 * @param onBytes - Hears how many bytes were read so far.
 * @throws RUNTIME_BACKUP_FOREIGN when it is no backup, or one of a version that this one does not read.
 * @throws RUNTIME_BACKUP_BROKEN with every file that is missing or other than the manifest says.
 */
export async function verifyBackup(path: string, onBytes: (bytes: number) => void = () => {}): Promise<BackupManifest> {
  const found = new Map<string, BackupFile>();
  let manifest: BackupManifest | undefined;
  let readBytes = 0;
  for await (const { name, bytes, content } of openBackup(path)) {
    if (name === manifestName) {
      manifest = parseManifest(await text(content));
      continue;
    }
    if (!backupNames.test(name)) throw foreignBackup(`it holds '${name.slice(0, 100)}'`);
    const hash = createHash('sha256');
    for await (const piece of content) {
      hash.update(piece);
      readBytes += piece.length;
      onBytes(readBytes);
    }
    found.set(name, { name, bytes, sha256: hash.digest('hex') });
  }
  if (!manifest) throw brokenBackup([`It has no ${manifestName}, which is written last.`]);
  const flaws = manifest.files.flatMap((file) => flawOf(file, found.get(file.name)));
  if (flaws.length > 0) throw brokenBackup(flaws);
  return manifest;
}

function flawOf(expected: BackupFile, found: BackupFile | undefined): readonly string[] {
  if (!found) return [`${expected.name} is missing.`];
  if (found.bytes !== expected.bytes)
    return [`${expected.name} has ${found.bytes} bytes instead of ${expected.bytes}.`];
  return found.sha256 === expected.sha256
    ? []
    : [`${expected.name} is other than it was written: its checksum differs.`];
}
