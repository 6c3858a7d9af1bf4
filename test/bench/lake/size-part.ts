import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchPart, rounded } from './bench-part.ts';
import { startBenchRuntime } from './bench-runtime.ts';
import { type EventBatch, generateBatches, renew } from './okta-events.ts';
import { createSender } from './send-batches.ts';

const eventsPerBatch = 1_000;
const defaultEvents = 200_000;

/** Bytes of the lake's parts, matches and everything else included, for each byte of JSON that was sent. */
export const sizePart: BenchPart = {
  summary: 'bytes on disk for each byte of raw JSON, without log and raw archive',
  run: async ({ rows = defaultEvents }) => {
    const runtime = await startBenchRuntime();
    try {
      const send = createSender(runtime.url, 1);
      let rawBytes = 0;
      // Every event is made anew: a repeated one would compress too well.
      for (let serial = 0; serial * eventsPerBatch < rows; serial++) {
        const batch = generateBatches(1, eventsPerBatch, serial + 1)[0] as EventBatch;
        renew(batch, serial, Date.now() - 60_000);
        await send(`size-${serial}`, batch.body);
        rawBytes += batch.body.length;
      }
      while ((await runtime.client.status()).consumers.some(({ name, idle }) => name !== 'archive' && !idle))
        await sleep(250);
      await runtime.client.query('SELECT count(*) AS n FROM rule_matches', 1);
      const folder = join(runtime.directory, 'lake', 'parts');
      const byTable = Object.fromEntries(readdirSync(folder).map((table) => [table, bytesUnder(join(folder, table))]));
      const storedBytes = Object.values(byTable).reduce((sum, bytes) => sum + bytes, 0);
      const share = rounded(storedBytes / rawBytes, 4);
      return {
        figures: {
          events: rows,
          rawBytes,
          storedBytes,
          byTable,
          stateFileBytes: statSync(join(runtime.directory, 'lake', 'state.duckdb')).size,
          storedPerRawByte: share,
        },
        goals: [{ name: 'lake bytes per raw byte', measured: share, atMost: 0.15 }],
      };
    } finally {
      await runtime.close();
    }
  },
};

function bytesUnder(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
