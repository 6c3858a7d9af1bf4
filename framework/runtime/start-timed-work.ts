import { join } from 'node:path';
import { type Archiving, startArchiving } from './archiving.ts';
import { reachAll, reachAllWithin } from './catch-up.ts';
import type { OnClose } from './closers.ts';
import { keepHouse } from './keep-house.ts';
import { type LastHeard, silences } from './last-heard.ts';
import { queryFailureChanges } from './query-failure.ts';
import { runQuery } from './run-query.ts';
import type { RuntimeOptions } from './runtime-options.ts';
import { type Scheduler, startScheduler } from './schedule/index.ts';
import { type Backfills, openBackfills } from './services/backfill/backfills.ts';
import type { RuntimeCore } from './start-core.ts';
import { watchRollouts } from './watch-rollouts.ts';
import { watchTroubles } from './watch-troubles.ts';

/** What the clock wakes, and what goes on in the background. */
export interface TimedWork {
  readonly scheduler: Scheduler;
  readonly backfills: Backfills;
  readonly archiving: Archiving;
  /** Where the archive's files are. */
  readonly archiveDirectory: string;
}

type Options = Pick<RuntimeOptions, 'clock' | 'directory' | 'startTimer'>;

/** Starts the archive, housekeeping, the schedule and the watch over silent sources, and goes on with backfills. */
export async function startTimedWork(options: Options, core: RuntimeCore, onClose: OnClose): Promise<TimedWork> {
  const { clock, directory, startTimer } = options;
  const { log, opened, publisher, consumers, bundle, detecting, delivery, onNotice } = core;
  const { state, lake } = opened;
  const archiveDirectory = join(directory, 'archive');
  const archiving = await startArchiving({ directory: archiveDirectory, log, state, clock, onNotice });
  onClose(() => archiving.consumer.close());
  const loaders = Object.values(consumers);
  onClose(
    keepHouse({
      ...{ clock, log, state, lake: opened, archive: archiving, bundle, publisher, onNotice, startTimer },
      ...{ consumers: [...loaders, archiving.consumer], loaders },
    }),
  );

  const heard = (): LastHeard | undefined => consumers.detect.position().heard;
  const scheduler = startSchedule(options, core, heard);
  onClose(() => scheduler.close());
  core.listen(() => scheduler.wake());
  const watch = watchTroubles({
    ...{ clock, state, bundle, heard, onNotice, startTimer },
    catchUp: (signal) => consumers.detect.reach(log.end(), signal),
    onCommit: () => delivery.wake(),
  });
  onClose(() => watch.close());

  onClose(
    watchRollouts({
      ...{ clock, state, log, onNotice, startTimer },
      catalog: () => detecting.active()?.catalog,
      catchUp: (signal) => consumers.detect.reach(log.end(), signal),
    }),
  );

  const catchUp = (): Promise<void> => reachAll(consumers, log.end());
  const backfills = openBackfills({ state, lake, clock, active: detecting.active, catchUp }, onNotice);
  onClose(() => backfills.close());
  await backfills.resume();
  return { scheduler, backfills, archiving, archiveDirectory };
}

function startSchedule(
  { clock, startTimer }: Options,
  { log, opened, consumers, bundle, detecting, delivery, routing, onNotice }: RuntimeCore,
  heard: () => LastHeard | undefined,
): Scheduler {
  const { state, lake } = opened;
  const silent = (): ReadonlySet<string> =>
    new Set(silences(bundle() ?? { logTypes: [] }, heard(), clock.now()).map(({ logType }) => logType));
  return startScheduler({
    ...{ clock, state, onNotice, startTimer },
    queries: () => bundle()?.queries ?? [],
    run: (run, { query, signal, staleBeforeMs }) =>
      runQuery({
        ...{ lake, state, clock, lease: detecting.lease, query, run, staleBeforeMs, silent, signal },
        catchUp: () => reachAllWithin(consumers, log.end(), query.timeoutMs, signal),
      }),
    onEnd: (run, query) => queryFailureChanges(state, { run, query }, routing(), clock.now()),
    onCommit: () => delivery.wake(),
  });
}
