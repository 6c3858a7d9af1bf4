const written = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})0{0,3})?)?)?Z?$/;

/**
 * The time that a text means as a TIMESTAMP, as ISO 8601 with milliseconds and `Z`; `undefined` for forms
 * that engines read differently, for finer fractions, and for days that do not exist.
 */
export function timestampOfText(text: string): string | undefined {
  const found = written.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = ''] = found;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0')}Z`;
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) || date.toISOString() !== iso ? undefined : iso;
}

/** A TIMESTAMP (ISO 8601) as DuckDB writes it in a cast to VARCHAR. */
export function textOfTimestamp(iso: string): string {
  const [seconds = '', fraction = ''] = iso.replace('T', ' ').replace('Z', '').split('.');
  const kept = fraction.replace(/0+$/, '');
  return kept === '' ? seconds : `${seconds}.${kept}`;
}
