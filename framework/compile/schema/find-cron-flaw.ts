const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const fields: readonly { readonly name: string; readonly min: number; readonly max: number; readonly names: readonly string[] }[] = [
  { name: 'minute', min: 0, max: 59, names: [] },
  { name: 'hour', min: 0, max: 23, names: [] },
  { name: 'day of month', min: 1, max: 31, names: [] },
  { name: 'month', min: 1, max: 12, names: months },
  { name: 'day of week', min: 0, max: 7, names: weekdays },
];

/** What is wrong with a five-field cron expression; `undefined` when nothing is. */
export function findCronFlaw(expression: string): string | undefined {
  const parts = expression.trim().split(/\s+/);
  if (parts.length !== fields.length) return `it has ${parts.length} fields, not 5`;
  for (const [index, field] of fields.entries()) {
    for (const item of (parts[index] as string).split(',')) {
      const range = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(item);
      if (!range) return `'${item}' is no ${field.name}`;
      const [, from = '', to, step] = range;
      if (from === '*' && to !== undefined) return `'${item}' is no ${field.name}`;
      const first = from === '*' ? field.min : read(from, field);
      const last = to === undefined ? first : read(to, field);
      if (first === undefined || last === undefined) return `'${item}' is no ${field.name} (${field.min} to ${field.max})`;
      if (last < first) return `'${item}' runs backwards`;
      if (step !== undefined && Number(step) === 0) return `'${item}' has a step of 0`;
    }
  }
  return undefined;
}

function read(text: string, field: (typeof fields)[number]): number | undefined {
  const named = field.names.indexOf(text.toLowerCase());
  if (named >= 0) return named + (field.min === 1 ? 1 : 0);
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= field.min && value <= field.max ? value : undefined;
}
