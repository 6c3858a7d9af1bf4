/**
 * Whether a text is a time exactly as `Date.prototype.toISOString` writes it (`2026-01-31T12:00:00.000Z`), found out
 * without making a date. `false` says nothing for days after the 28th, which would need the calendar.
 */
export function isCanonicalTime(text: string): boolean {
  if (text.length !== 24) return false;
  for (let at = 0; at < 24; at++) {
    const code = text.charCodeAt(at);
    const wanted = layout[at] as number;
    if (wanted === 0 ? code < 48 || code > 57 : code !== wanted) return false;
  }
  const [month, day] = [twoDigits(text, 5), twoDigits(text, 8)];
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 28 &&
    twoDigits(text, 11) <= 23 &&
    twoDigits(text, 14) <= 59 &&
    twoDigits(text, 17) <= 59
  );
}

/** 0 stands for a digit. */
const layout: readonly number[] = [...'dddd-dd-ddTdd:dd:dd.dddZ'].map((char) =>
  char === 'd' ? 0 : (char.codePointAt(0) as number),
);

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}
