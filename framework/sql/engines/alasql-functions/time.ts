import { Unproven } from '../../print-alasql/unproven.ts';

type Time = string | null | undefined;

const unitMs: Readonly<Record<string, number>> = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** How many whole units, weeks from Monday on, lie between the epoch's own and a time's. */
function unitsSinceEpoch(unit: string, iso: string): number {
  const date = new Date(iso);
  const perUnit = unitMs[unit];
  if (perUnit !== undefined) return Math.floor(date.getTime() / perUnit);
  switch (unit) {
    case 'week':
      // 1 January 1970 was a Thursday.
      return Math.floor((Math.floor(date.getTime() / 86_400_000) + 3) / 7);
    case 'month':
      return date.getUTCFullYear() * 12 + date.getUTCMonth();
    case 'year':
      return date.getUTCFullYear();
    default:
      throw new Unproven(`it counts in the unit '${unit}'`);
  }
}

function truncate(unit: string, iso: string): string {
  const perUnit = unitMs[unit];
  const units = unitsSinceEpoch(unit, iso);
  if (perUnit !== undefined) return new Date(units * perUnit).toISOString();
  if (unit === 'week') return new Date((units * 7 - 3) * 86_400_000).toISOString();
  return `${iso.slice(0, unit === 'year' ? 4 : 7)}${unit === 'year' ? '-01' : ''}-01T00:00:00.000Z`;
}

function part(unit: string, iso: string): number {
  const start = { year: 0, month: 5, day: 8, hour: 11, minute: 14, second: 17 }[unit];
  if (start === undefined) throw new Unproven(`it extracts the unit '${unit}'`);
  return Number(iso.slice(start, start + (unit === 'year' ? 4 : 2)));
}

/** Times are compared as texts, which only years of four digits allow. */
function shifted(timeMs: number): string {
  const year = new Date(timeMs).getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) throw new Unproven('it leaves the years of four digits');
  return new Date(timeMs).toISOString();
}

/** Functions of times, which are ISO 8601 texts, UTC. */
export const time = {
  m_date_trunc: (unit: string, iso: Time): Time => (iso == null ? null : truncate(unit, iso)),
  m_time_shift: (sign: string, iso: Time, byMs: number | null | undefined): Time =>
    iso == null || byMs == null ? null : shifted(Date.parse(iso) + (sign === '-' ? -byMs : byMs)),
  /** The interval from the second to the first, in milliseconds. */
  m_time_between: (to: Time, from: Time): number | null =>
    to == null || from == null ? null : Date.parse(to) - Date.parse(from),
  m_date_part: (unit: string, iso: Time): number | null => (iso == null ? null : part(unit, iso)),
  /** Boundaries crossed from the first to the second. */
  m_date_diff: (unit: string, from: Time, to: Time): number | null =>
    from == null || to == null ? null : unitsSinceEpoch(unit, to) - unitsSinceEpoch(unit, from),
};
