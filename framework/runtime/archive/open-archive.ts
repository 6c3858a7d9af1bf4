import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { LogEntry } from '../../model/log-record.ts';
import { MargayError } from '../../model/margay-error.ts';
import { type ArchivedBatch, decodeBatches, encodeBatches } from './archive-text.ts';
import { writeFileWhole } from './write-file.ts';

/** Batches as they were sent, in `<log type>/<day of receipt>/<first position>.json.gz`. */
export interface Archive {
  /**
   * Keeps the batches of a log range: durable when it resolves. A range from the same position again, or a longer one,
   * makes the same files.
   */
  write(entries: readonly LogEntry[]): Promise<void>;
  /**
   * The batches of a log type before a log position that were received on a day or later, a file at a time, in the
   * order of days and positions.
   *
   * @throws ARCHIVE_CORRUPT
   */
  read(logType: string, fromDay: string, before: number): AsyncGenerator<readonly ArchivedBatch[], void, void>;
  /** Log types and the days of which there is something, oldest first. */
  days(): Promise<ReadonlyMap<string, readonly string[]>>;
  remove(logType: string, days: readonly string[]): Promise<void>;
}

const zip = promisify(gzip);
const unzip = promisify(gunzip);
const namePattern = /^\d{16}\.json\.gz$/;
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** Opens the archive in a directory, which is made when it does not exist. */
export async function openArchive(path: string): Promise<Archive> {
  const directory = resolve(path);
  await mkdir(directory, { recursive: true });
  const days = async (logType: string): Promise<readonly string[]> =>
    (await list(join(directory, folderOf(logType)))).filter((day) => dayPattern.test(day));
  return {
    write: async (entries) => {
      for (const [folder, group] of groupByFolder(entries)) {
        const name = `${String(group[0]?.position).padStart(16, '0')}.json.gz`;
        // In a thread of the system's pool; a higher level costs three times as much for a tenth of the size.
        await writeFileWhole(join(directory, folder, name), await zip(encodeBatches(group), { level: 1 }));
      }
    },
    async *read(logType, fromDay, before) {
      for (const day of (await days(logType)).filter((other) => other >= fromDay)) {
        const folder = join(directory, folderOf(logType), day);
        for (const name of (await list(folder)).filter((file) => namePattern.test(file))) {
          if (Number(name.slice(0, 16)) >= before) break;
          const batches = await readBatches(join(folder, name));
          yield batches.filter(({ position }) => position < before);
        }
      }
    },
    days: async () => {
      const logTypes = (await list(directory)).map((folder) => decodeURIComponent(folder));
      return new Map(await Promise.all(logTypes.map(async (name) => [name, await days(name)] as const)));
    },
    remove: async (logType, gone) => {
      for (const day of gone) await rm(join(directory, folderOf(logType), day), { recursive: true, force: true });
    },
  };
}

function groupByFolder(entries: readonly LogEntry[]): ReadonlyMap<string, readonly LogEntry[]> {
  const groups = new Map<string, LogEntry[]>();
  for (const entry of entries) {
    if (entry.record.kind !== 'batch') continue;
    const { logType, receivedAtMs } = entry.record;
    const folder = join(folderOf(logType), new Date(receivedAtMs).toISOString().slice(0, 10));
    const group = groups.get(folder);
    if (group) group.push(entry);
    else groups.set(folder, [entry]);
  }
  return groups;
}

/** Names of log types have letters, digits, dots and the like; whatever else a file system would take as more than a name is escaped. */
function folderOf(logType: string): string {
  return encodeURIComponent(logType).replace(/^\./, '%2E');
}

async function list(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.sort();
}

async function readBatches(file: string): Promise<readonly ArchivedBatch[]> {
  const bytes = await readFile(file);
  try {
    return decodeBatches(await unzip(bytes));
  } catch (cause) {
    throw new MargayError('ARCHIVE_CORRUPT', `The archive's file ${file} cannot be read.`, {
      hint: 'Restore it from a backup, or move it away: what is in it can then not be derived again.',
      cause,
    });
  }
}
