import { setTimeout as sleep } from 'node:timers/promises';
import { openBundle } from '../../../framework/model/open-bundle.ts';
import { type BenchPart, rounded } from './bench-part.ts';
import { type BenchRuntime, compileRepository, startBenchRuntime } from './bench-runtime.ts';
import { type EventBatch, generateBatches, renew } from './okta-events.ts';
import { createSender } from './send-batches.ts';
import { measureStages } from './stage-times.ts';

const eventsPerBatch = 1_000;
const poolSize = 100;
const senders = 4;
const sampleMs = 1_000;
/** A sender waits while more than this has not been through both consumers: about four seconds of the goal. */
const maxLagEvents = 60_000;

interface Sample {
  readonly atMs: number;
  readonly acknowledged: number;
  readonly detected: number;
  readonly stored: number;
}

/** As much as goes through detection and into Parquet, with senders that hold back while the runtime lags. */
export const ingestPart: BenchPart = {
  summary: 'end to end: acknowledged, detected with the detections of the repository, matches and Parquet committed',
  run: async ({ seconds }) => {
    const stages = await measureStages(openBundle(await compileRepository()));
    const pool = generateBatches(poolSize, eventsPerBatch, 2);
    const runtime = await startBenchRuntime();
    try {
      const cpuBefore = processorSeconds(runtime);
      const { samples, heldBackSeconds } = await feed(runtime, pool, seconds);
      const cpuAfter = processorSeconds(runtime);
      const drainSeconds = await drain(runtime);
      const last = samples.at(-1) as Sample;
      const cores = (who: keyof ProcessorSeconds): number =>
        rounded((cpuAfter[who] - cpuBefore[who]) / (last.atMs / 1_000), 2);
      const through = Math.min(last.detected, last.stored);
      const eventsPerSecond = Math.round(through / (last.atMs / 1_000));
      const thirds = [0, 1, 2].map((third) => rateOf(samples, third / 3, (third + 1) / 3));
      const lags = samples.map(({ acknowledged, detected, stored }) => acknowledged - Math.min(detected, stored));
      return {
        figures: {
          eventsPerSecond,
          seconds: rounded(last.atMs / 1_000),
          perThird: thirds,
          maxLagEvents: Math.max(...lags),
          maxLagSeconds: rounded(Math.max(...lags) / eventsPerSecond),
          drainSeconds,
          /** Of the time of each sender: the runtime, not the senders, was what the rest waited for. */
          heldBackShare: rounded(heldBackSeconds / senders / (last.atMs / 1_000), 2),
          coresUsed: { runtime: cores('runtime'), itsMainThread: cores('mainThread'), senders: cores('senders') },
          cpuMicrosecondsPerEvent: rounded(((cpuAfter.runtime - cpuBefore.runtime) / through) * 1e6),
          stageCpuMicrosecondsPerEvent: stages,
          matches: await countMatches(runtime),
          samples: samples.map((sample) => ({ ...sample, atMs: Math.round(sample.atMs) })),
        },
        goals: [{ name: 'end to end, events per second', measured: eventsPerSecond, atLeast: 15_000 }],
      };
    } finally {
      await runtime.close();
    }
  },
};

async function feed(runtime: BenchRuntime, pool: readonly EventBatch[], seconds: number) {
  const send = createSender(runtime.url, senders);
  const base = await positions(runtime);
  const bytesPerEvent = await measureFrame(runtime, pool, send);
  const startedAtMs = performance.now();
  const start = await positions(runtime);
  const isOver = (): boolean => performance.now() - startedAtMs > seconds * 1_000;
  let sent = 1;
  let acknowledged = 0;
  let through = 0;
  let heldBackSeconds = 0;
  const work = async (slot: number): Promise<void> => {
    for (let turn = slot; !isOver(); turn += senders) {
      const readyAtMs = performance.now();
      while (acknowledged - through > maxLagEvents && !isOver()) await sleep(20);
      heldBackSeconds += (performance.now() - readyAtMs) / 1_000;
      const batch = pool[turn % pool.length] as EventBatch;
      const serial = sent++;
      renew(batch, serial, Date.now() - eventsPerBatch);
      await send(`ingest-${serial}`, batch.body);
      acknowledged += batch.eventCount;
    }
  };
  const samples: Sample[] = [];
  const take = async (): Promise<void> => {
    const { detect, lake } = await positions(runtime);
    const detected = Math.round((detect - start.detect) / bytesPerEvent);
    const stored = Math.round((lake - base.lake) / bytesPerEvent) - eventsPerBatch;
    through = Math.min(detected, stored);
    samples.push({ atMs: performance.now() - startedAtMs, acknowledged, detected, stored });
  };
  const sampling = (async () => {
    while (!isOver()) {
      await sleep(Math.min(sampleMs, 100 + seconds * 1_000 - (performance.now() - startedAtMs)));
      await take();
    }
  })();
  await Promise.all([sampling, ...Array.from({ length: senders }, (_, slot) => work(slot))]);
  return { samples, heldBackSeconds };
}

/** Until nothing lags any more; a query before would be refused. */
async function drain({ client }: BenchRuntime): Promise<number> {
  const startedAtMs = performance.now();
  while ((await client.status()).consumers.some(({ name, idle }) => name !== 'archive' && !idle)) await sleep(100);
  return rounded((performance.now() - startedAtMs) / 1_000);
}

type ProcessorSeconds = Readonly<Record<'runtime' | 'mainThread' | 'senders', number>>;

function processorSeconds(runtime: BenchRuntime): ProcessorSeconds {
  const { user, system } = process.cpuUsage();
  return {
    runtime: runtime.cpuSeconds(),
    mainThread: runtime.mainThreadSeconds(),
    senders: (user + system) / 1e6,
  };
}

/** Bytes of log for each event. Also warms the runtime up: the figure is about steady work. */
async function measureFrame(
  runtime: BenchRuntime,
  [first]: readonly EventBatch[],
  send: ReturnType<typeof createSender>,
): Promise<number> {
  const before = (await runtime.client.status()).log.end;
  const batch = first as EventBatch;
  renew(batch, 0, Date.now() - eventsPerBatch);
  await send('ingest-0', batch.body);
  return ((await runtime.client.status()).log.end - before) / batch.eventCount;
}

async function positions({ client }: BenchRuntime): Promise<Readonly<Record<'detect' | 'lake', number>>> {
  const { consumers } = await client.status();
  const of = (name: string): number => consumers.find((consumer) => consumer.name === name)?.position ?? 0;
  return { detect: of('detect'), lake: of('lake') };
}

/** Events per second through both consumers, in a share of the time. */
function rateOf(samples: readonly Sample[], from: number, until: number): number {
  const first = samples[Math.floor(from * (samples.length - 1))] as Sample;
  const last = samples[Math.floor(until * (samples.length - 1))] as Sample;
  const through = ({ detected, stored }: Sample): number => Math.min(detected, stored);
  return Math.round((through(last) - through(first)) / ((last.atMs - first.atMs) / 1_000));
}

async function countMatches({ client }: BenchRuntime): Promise<number> {
  const { rows } = await client.query('SELECT count(*) AS matches FROM rule_matches', 1);
  return Number(rows[0]?.matches);
}
