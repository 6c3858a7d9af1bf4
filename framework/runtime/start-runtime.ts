import type { BundleEnvelope } from '../model/bundle.ts';
import { openAccess, type Tokens } from './access/index.ts';
import { startApi } from './api/index.ts';
import { reachAll, reachAllWithin } from './catch-up.ts';
import { collectClosers } from './closers.ts';
import type { Runtime, RuntimeOptions } from './runtime-options.ts';
import { createServices } from './services/create-services.ts';
import { type RuntimeCore, startCore } from './start-core.ts';
import { startTimedWork, type TimedWork } from './start-timed-work.ts';

export type { Runtime, RuntimeOptions } from './runtime-options.ts';

/** Who asks for something waits this long for the log to be read. */
const answerWithinMs = 15_000;

/**
 * Starts the embedded runtime: the log, its consumers, the schedule, delivery and the API. The only place where
 * the rooms of the runtime meet.
 *
 * @throws LAKE_LOCKED when another runtime uses the directory.
 * @throws API_TOKEN_REQUIRED when the host is not a loopback address and there is no token.
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { host = '127.0.0.1', port = 7430, token } = options;
  const closers = collectClosers();
  try {
    const core = await startCore(options, closers.add);
    const { tokens, identify } = await openAccess(core.opened.state, options.clock, options.trust ?? {});
    const services = servicesOf(options, core, await startTimedWork(options, core, closers.add), tokens);
    const { onNotice: log } = core;
    const api = await startApi({ host, port, services, log, token, identify });
    closers.add(() => api.close());
    return {
      url: api.url,
      publish: (envelope, actor) => publish(core, envelope, actor),
      settled: async () => {
        await reachAll(core.consumers, core.log.end());
        await core.delivery.idle();
      },
      close: closers.closeAll,
    };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

function servicesOf({ clock, env }: RuntimeOptions, core: RuntimeCore, timed: TimedWork, tokens: Tokens) {
  const { log, opened, publisher, consumers, delivery, detecting } = core;
  const { scheduler, backfills, archiving, archiveDirectory } = timed;
  return createServices({
    ...{ log, opened, state: opened.state, lake: opened.lake, clock, env, startedAtMs: clock.now() },
    ...{ publisher, consumers, archiving, archiveDirectory, scheduler, delivery, backfills, tokens },
    freezeLake: opened.freeze,
    catchUp: () => reachAllWithin(consumers, log.end(), answerWithinMs),
    active: detecting.active,
    renewDetector: detecting.renew,
  });
}

async function publish(
  { publisher, consumers }: RuntimeCore,
  envelope: BundleEnvelope,
  actor: string,
): ReturnType<Runtime['publish']> {
  const expectedSerial = publisher.live()?.serial ?? 0;
  const { channel, changed } = await publisher.publish({
    ...{ envelope, expectedSerial, actor, allowMissingSecrets: true, allowRemovals: Number.POSITIVE_INFINITY },
    revive: 'all',
  });
  await consumers.detect.reach(channel.next);
  return { changed, serial: channel.serial };
}
