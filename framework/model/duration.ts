import { MargayError } from './margay-error.ts';

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const unitNames: Readonly<Record<string, string>> = {
  second: 's',
  seconds: 's',
  minute: 'm',
  minutes: 'm',
  hour: 'h',
  hours: 'h',
  day: 'd',
  days: 'd',
  week: 'w',
  weeks: 'w',
};

/**
 * A duration in milliseconds, from `30d`, `90 m`, `1h30m` or `30 days`.
 *
 * Units: ms, s, m (minutes), h, d (24 hours), w, or their English names.
 *
 * @throws MODEL_DURATION_INVALID when the text is anything else.
 */
export function parseDuration(text: string): number {
  const part = /\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*/y;
  let totalMs = 0;
  let end = 0;
  for (let found = part.exec(text); found; found = part.exec(text)) {
    const unit = unitNames[found[2] as string] ?? (found[2] as string);
    const factor = unitMs[unit];
    if (factor === undefined) break;
    totalMs += Number(found[1]) * factor;
    end = part.lastIndex;
  }
  if (end === 0 || end !== text.length) {
    throw new MargayError('MODEL_DURATION_INVALID', `'${text}' is not a duration.`, {
      hint: "Write a number and a unit, such as '90m', '1h' or '30d'.",
    });
  }
  return totalMs;
}

/** The shortest readable form of a duration: `1h`, `30d`, `1h30m`, `250ms`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)}ms`;
  let rest = Math.round(durationMs / 1_000);
  const parts: string[] = [];
  for (const [unit, seconds] of [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    const count = Math.floor(rest / seconds);
    if (count > 0) parts.push(`${count}${unit}`);
    rest -= count * seconds;
  }
  return parts.slice(0, 2).join('');
}
