import type { Window } from '../backtest/plan-scan.ts';

const dayMs = 86_400_000;

/** The days of a window, UTC, oldest first; the first and the last may be shorter. */
export function splitDays({ fromMs, untilMs }: Window): readonly Window[] {
  const days: Window[] = [];
  for (let startMs = fromMs; startMs < untilMs; ) {
    const endMs = Math.min((Math.floor(startMs / dayMs) + 1) * dayMs, untilMs);
    days.push({ fromMs: startMs, untilMs: endMs });
    startMs = endMs;
  }
  return days;
}

/** The day, `2026-01-31`, that a window of {@link splitDays} lies in. */
export function dayName({ fromMs }: Window): string {
  return new Date(fromMs).toISOString().slice(0, 10);
}
