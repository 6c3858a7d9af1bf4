import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Clock } from '../../model/clock.ts';
import { type DedupIndex, openDedupIndex, type SeenKey } from './dedup-index.ts';
import { lockDirectory } from './directory-lock.ts';
import type { OpenLog } from './hold-log.ts';
import { type LogNotice, recoverLastSegment, type SegmentScan, scanSealedSegment } from './scan-segment.ts';
import { createSegment, listSegments, type Segment } from './segment.ts';
import { SegmentedLog } from './segmented-log.ts';

/** Where a log lives and how it behaves. */
export interface LogOptions {
  /** Made when it does not exist. Only one runtime at a time may have it open. */
  readonly directory: string;
  /** A new segment begins once one holds this many bytes. @defaultValue 64 MiB */
  readonly maxSegmentBytes?: number | undefined;
  /** How long an idempotency key is remembered, in milliseconds. @defaultValue 3 days */
  readonly dedupMs?: number | undefined;
  readonly clock: Clock;
  /** Hears of an unfinished write that a crash left behind and that was cut off. */
  readonly onNotice?: ((notice: LogNotice) => void) | undefined;
}

const defaultSegmentBytes = 64 * 1024 * 1024;
const defaultDedupMs = 3 * 24 * 60 * 60 * 1000;

/**
 * Opens the durable, ordered log in a directory. What a crash left behind the last whole record was never
 * acknowledged; it is cut off and reported.
 *
 * @throws LOG_LOCKED when another runtime has it open.
 * @throws LOG_CORRUPT when acknowledged records are damaged or missing; nothing is changed then.
 */
export async function openLog(options: LogOptions): Promise<OpenLog> {
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true });
  const unlock = await lockDirectory(directory);
  try {
    const segments = [...(await listSegments(directory))];
    if (segments.length === 0) segments.push(await createSegment(directory, 0));
    const dedupMs = options.dedupMs ?? defaultDedupMs;
    const dedup = await openDedupIndex(directory, dedupMs);
    const end = await scanSegments(segments, dedup, options.clock.now() - dedupMs, options.onNotice ?? (() => {}));
    const maxSegmentBytes = options.maxSegmentBytes ?? defaultSegmentBytes;
    return new SegmentedLog({ directory, segments, end, dedup, maxSegmentBytes, clock: options.clock, unlock });
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** Checks the last segment and collects the keys of all that are young enough, oldest first. */
async function scanSegments(
  segments: readonly Segment[],
  dedup: DedupIndex,
  oldestMs: number,
  onNotice: (notice: LogNotice) => void,
): Promise<number> {
  const last = await recoverLastSegment(segments.at(-1) as Segment, onNotice);
  const keys: (readonly SeenKey[])[] = [last.keys];
  let scan: SegmentScan = last;
  for (const segment of segments.slice(0, -1).reverse()) {
    if (scan.firstAppendedAtMs !== undefined && scan.firstAppendedAtMs <= oldestMs) break;
    scan = await scanSealedSegment(segment);
    keys.push(scan.keys);
  }
  for (const key of keys.reverse().flat()) dedup.add(key);
  return last.end;
}
