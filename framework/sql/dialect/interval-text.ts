const unitMs: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/** The length of an INTERVAL's text, in milliseconds; `undefined` for months, years and forms of other kinds. */
export function intervalMs(text: string): number | undefined {
  const written = text.trim().toLowerCase();
  if (!/^(-?\d{1,6}\s+[a-z]+(\s+|$))+$/.test(written)) return undefined;
  let totalMs = 0;
  for (const [, count = '', unit = ''] of written.matchAll(/(-?\d+)\s+([a-z]+)/g)) {
    const perUnit = unitMs[unit.replace(/s$/, '')];
    if (perUnit === undefined) return undefined;
    totalMs += Number(count) * perUnit;
  }
  return totalMs;
}
