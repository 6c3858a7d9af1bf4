/** Levels as people see them at a glance. */
export const levelMarks = { informational: '⚪', low: '🔵', medium: '🟡', high: '🟠', critical: '🔴' } as const;

/**
 * A text from logs as it may be shown: control characters (of terminals too), and characters that reorder or hide text,
 * are replaced by their code, so that an event cannot draw what it likes.
 */
export function printableText(text: string): string {
  return text.replaceAll(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A value from logs as one printable line of at most so many characters; objects as JSON. */
export function printableLine(value: unknown, maxLength: number): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null');
  // Clipped first as well: what is written out can be a thousand times longer than what is shown.
  return clipText(printableText(clipText(text, maxLength)).replaceAll(/\n+/g, ' '), maxLength);
}

/** A context as `name=value` pairs in one printable line. */
export function printablePairs(context: Readonly<Record<string, unknown>>, maxLength: number): string {
  const pairs = Object.entries(context)
    .slice(0, maxPairs)
    .map(([name, value]) => `${printableLine(name, maxLength)}=${printableLine(value, maxLength)}`);
  return clipText(pairs.join('  '), maxLength);
}

const maxPairs = 50;

/** A text of at most so many characters, with `…` for the rest; characters of two units are not torn. */
export function clipText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A time as people read it: `2026-03-02 10:00:00 UTC`. */
export function readableTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `3 matches`, `1 match`. */
export function countMatches(count: number): string {
  return count === 1 ? '1 match' : `${count} matches`;
}
