import type { ValueSummary } from '../../model/alert.ts';

/** How often each value of one field was seen, as stored: values in order of first sight. */
export interface FieldTally {
  readonly field: string;
  readonly values: readonly (readonly [value: string, count: number])[];
  /** `true`: more values came than are tracked. */
  readonly capped: boolean;
}

/** Counts values while matches are being processed; {@link TallyBook.toTallies} gives what is stored. */
export interface TallyBook {
  add(fields: Readonly<Record<string, unknown>>): void;
  toTallies(): readonly FieldTally[];
  summaries(): Readonly<Record<string, ValueSummary>>;
}

/** Values tracked per field; what comes after is only marked. Keeps a window's state small under any input. */
export const maxTrackedValues = 1_000;
/** Fields tracked per alert. */
export const maxTrackedFields = 50;
/** Characters of a value that are told apart. */
export const maxValueLength = 256;

const topCount = 5;

interface OpenTally {
  readonly counts: Map<string, number>;
  capped: boolean;
}

/** Opens the tallies of a window, or new ones. */
export function openTallies(tallies: readonly FieldTally[] = []): TallyBook {
  const book = new Map<string, OpenTally>();
  for (const { field, values, capped } of tallies) book.set(field, { counts: new Map(values), capped });
  return {
    add: (fields) => {
      for (const [field, value] of Object.entries(fields)) {
        for (const text of valueTexts(value)) countValue(book, field, text);
      }
    },
    toTallies: () => [...book].map(([field, tally]) => ({ field, values: [...tally.counts], capped: tally.capped })),
    summaries: () => Object.fromEntries([...book].map(([field, tally]) => [field, summarise(tally)])),
  };
}

function countValue(book: Map<string, OpenTally>, field: string, value: string): void {
  let tally = book.get(field);
  if (!tally) {
    if (book.size >= maxTrackedFields) return;
    tally = { counts: new Map(), capped: false };
    book.set(field, tally);
  }
  const count = tally.counts.get(value);
  if (count !== undefined) tally.counts.set(value, count + 1);
  else if (tally.counts.size < maxTrackedValues) tally.counts.set(value, 1);
  else tally.capped = true;
}

function summarise(tally: OpenTally): ValueSummary {
  const top = [...tally.counts]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, topCount)
    .map(([value, count]) => ({ value, count }));
  return { distinct: tally.counts.size, top, ...(tally.capped ? { capped: true } : {}) };
}

/** The values to count: each element of an array, objects as JSON, nothing for null. */
function valueTexts(value: unknown): readonly string[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return [...new Set(value.flatMap(valueTexts))];
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return [text.slice(0, maxValueLength)];
}
