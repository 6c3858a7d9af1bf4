import { auditRow } from '../../../model/audit-row.ts';
import type { ApiServices, BackupStream } from '../../api/index.ts';
import { packageVersion } from '../package-version.ts';
import { requireScope } from '../require-scope.ts';
import type { RuntimeParts } from '../runtime-parts.ts';
import { type FrozenRuntime, writeBackup } from './write-backup.ts';

/**
 * Everything that the runtime keeps, as it is now, while everything goes on. The log is held first and its end read
 * last: so it begins before where the state stands, and ends behind.
 */
export async function backup(
  parts: RuntimeParts,
  { actor, scopes, signal }: Parameters<ApiServices['backup']>[0],
): Promise<BackupStream> {
  requireScope(scopes, 'admin', 'to copy all that the runtime keeps');
  const createdAtMs = parts.clock.now();
  const row = auditRow({ action: 'backup', actor, detail: {}, atMs: createdAtMs });
  await parts.state.commit({ rows: [{ table: 'audit', rows: [row] }] });
  const hold = parts.log.hold();
  const releases = [hold.release];
  const release = (): void => {
    for (const one of releases.splice(0)) one();
  };
  signal.addEventListener('abort', release, { once: true });
  try {
    const lake = await parts.freezeLake();
    releases.push(lake.release);
    const logEnd = parts.log.end();
    const logFiles = await hold.files();
    if (signal.aborted) release();
    const totalBytes = [...lake.parts, ...logFiles].reduce((sum, { bytes }) => sum + bytes, 0);
    const { archiveDirectory } = parts;
    const frozen = { archiveDirectory, lake, logFiles, logEnd, margay: packageVersion(), createdAtMs };
    return { totalBytes, chunks: releasedAtEnd(frozen, release) };
  } catch (error) {
    release();
    throw error;
  }
}

async function* releasedAtEnd(frozen: FrozenRuntime, release: () => void): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* writeBackup(frozen);
  } finally {
    release();
  }
}
