import type { TopValues } from '../../../model/backtest.ts';
import type { RuleMatch } from '../../../model/rule-match.ts';

const topCount = 5;
const maxValueLength = 256;

/** The most frequent values of the dedup key, each context column and each `p_any_*` field of matches. */
export function topValues(matches: readonly RuleMatch[]): TopValues {
  const fields = new Map<string, Map<string, number>>();
  const count = (field: string, value: unknown): void => {
    for (const text of textsOf(value)) {
      const counts = fields.get(field) ?? new Map<string, number>();
      fields.set(field, counts);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  };
  for (const match of matches) {
    count('dedup', match.dedup);
    for (const [name, value] of Object.entries(match.context)) count(`context.${name}`, value);
    for (const [name, values] of Object.entries(match.indicators)) count(name, values);
  }
  return Object.fromEntries(
    [...fields].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, counts]) => [name, top(counts)]),
  );
}

function top(counts: ReadonlyMap<string, number>): TopValues[string] {
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, topCount)
    .map(([value, count]) => ({ value, count }));
}

/** Each element of an array once, objects as JSON, nothing for null. */
function textsOf(value: unknown): readonly string[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return [...new Set(value.flatMap(textsOf))];
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return [text.slice(0, maxValueLength)];
}
