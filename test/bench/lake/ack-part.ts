import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchPart, median, rounded } from './bench-part.ts';
import { type BenchRuntime, startBenchRuntime } from './bench-runtime.ts';
import { type EventBatch, generateBatches, renew } from './okta-events.ts';
import { createSender } from './send-batches.ts';

const batchCount = 150;
const eventsPerBatch = 1_000;
const senders = 4;

/** From the first byte sent to the last acknowledgement: HTTP, checks, write and fsync, while the consumers run. */
export const ackPart: BenchPart = {
  summary: `durable acknowledgement of ${batchCount} batches of ${eventsPerBatch} events, ${senders} senders at once`,
  run: async ({ runs }) => {
    const batches = generateBatches(batchCount, eventsPerBatch, 1);
    const runtime = await startBenchRuntime();
    try {
      const rates: number[] = [];
      const latencies: number[] = [];
      for (let run = 0; run < runs; run++) {
        for (const [index, batch] of batches.entries()) renew(batch, run * batchCount + index, Date.now() - 60_000);
        rates.push(await sendAll(runtime, batches, run, latencies));
        await caughtUp(runtime);
      }
      latencies.sort((a, b) => a - b);
      const eventsPerSecond = Math.round(median(rates));
      return {
        figures: {
          eventsPerSecond,
          slowestRun: Math.round(Math.min(...rates)),
          fastestRun: Math.round(Math.max(...rates)),
          runs,
          bytesPerEvent: Math.round((batches[0] as EventBatch).body.length / eventsPerBatch),
          batchLatencyMs: {
            median: rounded(latencies[Math.floor(latencies.length / 2)] ?? Number.NaN),
            p99: rounded(latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN),
          },
        },
        goals: [{ name: 'durable ack, events per second', measured: eventsPerSecond, atLeast: 50_000 }],
      };
    } finally {
      await runtime.close();
    }
  },
};

/** @returns Events per second. */
async function sendAll(
  { url }: BenchRuntime,
  batches: readonly EventBatch[],
  run: number,
  latencies: number[],
): Promise<number> {
  const send = createSender(url, senders);
  const startedAtMs = performance.now();
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < batches.length) {
      const index = next++;
      const sentAtMs = performance.now();
      await send(`ack-${run}-${index}`, (batches[index] as EventBatch).body);
      latencies.push(performance.now() - sentAtMs);
    }
  };
  await Promise.all(Array.from({ length: senders }, work));
  return (batches.length * eventsPerBatch) / ((performance.now() - startedAtMs) / 1_000);
}

async function caughtUp({ client }: BenchRuntime): Promise<void> {
  while ((await client.status()).consumers.some(({ name, idle }) => name !== 'archive' && !idle)) await sleep(250);
}
