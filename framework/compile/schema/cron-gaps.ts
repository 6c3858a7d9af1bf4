import { Cron } from 'croner';

const dayMs = 86_400_000;

/** Any moment; a leap day and every weekday of every month come within the four years after it. */
const startMs = Date.UTC(2026, 0, 1);
const everyDateMs = 4 * 366 * dayMs;
const everyWeekdayMs = 15 * dayMs;

const known = new Map<string, readonly [number, number]>();

/** The shortest and the longest time between two firings of a cron expression of five fields, in milliseconds. */
export function cronGaps(expression: string): readonly [shortestMs: number, longestMs: number] {
  const found = known.get(expression) ?? measure(expression);
  known.set(expression, found);
  return found;
}

/** Every day on which it fires, it fires at the same times: those of one day, then the days, are looked at. */
function measure(expression: string): readonly [number, number] {
  const cron = new Cron(expression, { paused: true, mode: '5-part', timezone: 'UTC' });
  const after = (timeMs: number): number => cron.nextRun(new Date(timeMs))?.getTime() ?? Number.POSITIVE_INFINITY;
  const firstMs = after(startMs - 1);
  const gaps: number[] = [];
  let lastMs = firstMs;
  for (let next = after(lastMs); dayOf(next) === dayOf(firstMs); next = after(lastMs)) {
    gaps.push(next - lastMs);
    lastMs = next;
  }
  const [, , date, month] = expression.trim().split(/\s+/);
  const horizonMs = date === '*' && month === '*' ? everyWeekdayMs : everyDateMs;
  const withinDayMs = lastMs - firstMs;
  let dayFirstMs = firstMs;
  do {
    const nextMs = after((dayOf(dayFirstMs) + 1) * dayMs - 1);
    gaps.push(nextMs - (dayFirstMs + withinDayMs));
    dayFirstMs = nextMs;
  } while (dayFirstMs < startMs + horizonMs);
  return [Math.min(...gaps), Math.max(...gaps)];
}

function dayOf(timeMs: number): number {
  return Math.floor(timeMs / dayMs);
}
