import { indicatorFieldNames } from '../../model/indicators.ts';

/** What we add to a record. A keyword looks for what the vendor wrote. */
export const addedFields: ReadonlySet<string> = new Set([
  'p_log_type',
  'p_event_time',
  'p_parse_time',
  'p_row_id',
  'p_source',
  'udm',
  ...indicatorFieldNames,
]);

/** Whether a leaf value of the event passes, at any depth. Standard fields are not looked at. */
export function someLeaf(event: Readonly<Record<string, unknown>>, passes: (value: unknown) => boolean): boolean {
  const open: unknown[] = [];
  for (const [name, value] of Object.entries(event)) if (!addedFields.has(name)) open.push(value);
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) open.push(inner);
    else if (passes(value)) return true;
  }
  return false;
}
