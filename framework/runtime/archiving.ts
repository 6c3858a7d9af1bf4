import type { Bundle } from '../model/bundle.ts';
import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log-record.ts';
import type { State } from '../model/state.ts';
import { type Archive, openArchive } from './archive/index.ts';
import { type Consumer, type ConsumerPosition, startConsumer } from './consumer.ts';

/** The raw archive of a runtime, and the consumer that fills it. */
export interface Archiving {
  readonly consumer: Consumer;
  readonly archive: Archive;
  /** Whatever of a log type was received from here on is in the archive, as far as the consumer has come. */
  completeSince(logType: string): Promise<number>;
  /** Removes the days that are older than their log type is archived. */
  sweep(bundle: Pick<Bundle, 'logTypes'>): Promise<void>;
}

/** State space 'archive': `''` for the whole of it, else by log type. */
interface ArchiveStart {
  readonly completeSinceMs: number;
}

const maxBytes = 16 * 1024 * 1024;
/** Files of some size: what waits is safe in the log. */
const lingerMs = 600_000;
const dayMs = 86_400_000;
const defaultArchiveMs = 30 * dayMs;

/** Opens the archive and starts to fill it from where it ended, or from the beginning of the log. */
export async function startArchiving(options: {
  readonly directory: string;
  readonly log: Log;
  readonly state: State;
  readonly clock: Clock;
  readonly onNotice: (notice: string) => void;
}): Promise<Archiving> {
  const { log, state, clock, onNotice } = options;
  const archive = await openArchive(options.directory);
  const place = (position: ConsumerPosition) => ({ space: 'position', key: 'archive', value: position }) as const;
  const mark = (logType: string, completeSinceMs: number) => {
    return { space: 'archive', key: logType, value: { completeSinceMs } satisfies ArchiveStart } as const;
  };
  const sinceOf = async (logType: string): Promise<number> =>
    (await state.get<ArchiveStart>('archive', logType))?.completeSinceMs ?? 0;
  const completeSince = async (logType: string): Promise<number> => Math.max(await sinceOf(''), await sinceOf(logType));

  let start = await state.get<ConsumerPosition>('position', 'archive');
  if (!start) {
    start = { next: log.start() };
    // What was received before, and is no more in the log, is missing.
    await state.commit({ put: [place(start), mark('', start.next === 0 ? 0 : clock.now())] });
  }
  const consumer = startConsumer({
    name: 'archive',
    ...{ log, start, maxBytes, lingerMs, onNotice },
    step: async (entries, from) => {
      await archive.write(entries);
      const position = { next: entries.at(-1)?.next ?? from.next };
      await state.commit({ put: [place(position)] });
      return position;
    },
  });
  return {
    consumer,
    archive,
    completeSince,
    sweep: async ({ logTypes }) => {
      const keptMs = new Map(logTypes.map(({ name, archiveMs }) => [name, archiveMs ?? defaultArchiveMs]));
      for (const [logType, days] of await archive.days()) {
        const beforeMs = clock.now() - (keptMs.get(logType) ?? defaultArchiveMs);
        const gone = days.filter((day) => Date.parse(day) + dayMs <= beforeMs);
        const last = gone.at(-1);
        if (last === undefined) continue;
        const since = Math.max(Date.parse(last) + dayMs, await completeSince(logType));
        await state.commit({ put: [mark(logType, since)] });
        await archive.remove(logType, gone);
      }
    },
  };
}
