import type { QueryCost } from '../../model/lake.ts';
import { plural } from './problems.ts';

/** What a query cost, in a few words: `12 ms, 9,216 rows and 1.4 MB scanned`. */
export function describeCost({ durationMs, rowsScanned, bytesScanned }: QueryCost): string {
  return `${Math.round(durationMs)} ms, ${plural(rowsScanned, 'row')} and ${formatBytes(bytesScanned)} scanned`;
}

const steps = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** A size: `1.4 MB`. */
export function formatBytes(bytes: number): string {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), steps.length - 1);
  const value = bytes / 1_000 ** step;
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${steps[step]}`;
}
