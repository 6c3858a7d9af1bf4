/** A value as a table or a CSV cell: text as it is, NULL as nothing, what is nested as JSON. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
