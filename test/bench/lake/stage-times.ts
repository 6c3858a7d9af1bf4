import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundle } from '../../../framework/model/bundle.ts';
import type { BatchRecord } from '../../../framework/model/log-record.ts';
import type { LogType } from '../../../framework/model/log-type.ts';
import { eventTable } from '../../../framework/model/standard-tables.ts';
import { startDetector } from '../../../framework/runtime/detect/index.ts';
import type { Part } from '../../../framework/runtime/lake/part.ts';
import { clearDrafts } from '../../../framework/runtime/lake/part-files.ts';
import { PartWriter } from '../../../framework/runtime/lake/part-writer.ts';
import { eventsOf } from '../../../framework/runtime/normalise/index.ts';
import { packBatches } from '../../../framework/runtime/pack-batches.ts';
import { rounded } from './bench-part.ts';
import { generateBatches } from './okta-events.ts';

const eventsPerBatch = 1_000;
const batchesPerPart = 13;
const partCount = 8;

/** Microseconds of processor time for an event in each stage, each stage alone, all threads counted. */
export interface StageTimes {
  readonly normalise: number;
  /** In the detections' thread: normalise, evaluate. */
  readonly detect: number;
  /** In the lake's thread: rows in bytes. */
  readonly normaliseAndEncode: number;
  readonly writePart: number;
  /** Of one rewriting; a row is rewritten some times a day. */
  readonly mergeParts: number;
}

/** Measures the stages that an event goes through after it was acknowledged. */
export async function measureStages(bundle: Bundle): Promise<StageTimes> {
  const logType = bundle.logTypes.find(({ name }) => name === 'Okta.SystemLog') as LogType;
  const batches = batchRecords();
  const count = batches.length * eventsPerBatch;
  const table = eventTable(logType);
  const types = new Map([[logType.name, logType]]);
  const readAll = (of: readonly BatchRecord[]): void => {
    for (const batch of of) for (const event of eventsOf(batch, logType)) if (event.p_row_id === '') return;
  };
  const pack = (from: number) => {
    let sequence = 1;
    return packBatches(batches.slice(from, from + batchesPerPart), types, () => sequence++)[0]?.rows ?? [];
  };
  readAll(batches.slice(0, 10));
  pack(0);
  const normalise = await cpuOf(count, () => readAll(batches));
  const ranges = Array.from({ length: partCount }, (_, part) => part * batchesPerPart);
  const encode = await cpuOf(count, () => ranges.map(pack));
  const directory = mkdtempSync(join(tmpdir(), 'margay-bench-'));
  await clearDrafts(directory);
  const writer = await PartWriter.open(directory);
  try {
    const write = await cpuOf(count, async () => {
      const parts: Part[] = [];
      for (const rows of encode.result) parts.push((await writer.write(table, rows)) as Part);
      return parts;
    });
    const merge = await cpuOf(count, () => writer.merge(table, write.result));
    return {
      normalise: normalise.microseconds,
      detect: await detectTime(bundle, batches, count),
      normaliseAndEncode: encode.microseconds,
      writePart: write.microseconds,
      mergeParts: merge.microseconds,
    };
  } finally {
    writer.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function detectTime(bundle: Bundle, batches: readonly BatchRecord[], count: number): Promise<number> {
  const detector = await startDetector({ bundle, clock: { now: Date.now } });
  try {
    for (const batch of batches.slice(0, 10)) await detector.processBatch(batch);
    const { microseconds } = await cpuOf(count, async () => {
      for (const batch of batches) await detector.processBatch(batch);
    });
    return microseconds;
  } finally {
    await detector.close();
  }
}

function batchRecords(): readonly BatchRecord[] {
  return generateBatches(partCount * batchesPerPart, eventsPerBatch, 3).map(({ body }, index) => {
    const receivedAtMs = Date.now();
    return { kind: 'batch', key: `stage-${index}`, logType: 'Okta.SystemLog', source: 'bench', receivedAtMs, body };
  });
}

async function cpuOf<T>(eventCount: number, work: () => T | Promise<T>) {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, microseconds: rounded((user + system) / eventCount) };
}
