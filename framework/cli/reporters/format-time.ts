/** A time in UTC, to the second: `2026-03-04 05:06:07Z`. `-` for none. */
export function formatTime(timeMs: number | null | undefined): string {
  return timeMs === null || timeMs === undefined
    ? '-'
    : new Date(timeMs).toISOString().replace('T', ' ').replace(/\.\d+/, '');
}

/** How long something took: `12ms`, `1.4s`. */
export function formatTook(durationMs: number): string {
  return durationMs < 1_000 ? `${Math.round(durationMs)}ms` : `${(durationMs / 1_000).toFixed(1)}s`;
}
