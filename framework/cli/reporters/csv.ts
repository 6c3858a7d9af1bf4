import { cellText } from './cell-text.ts';

/**
 * Rows as CSV with a header. Lines end in CR LF; a field with a quote, comma or line break is quoted.
 *
 * @source RFC 4180.
 */
export function renderCsv(columns: readonly string[], rows: readonly Readonly<Record<string, unknown>>[]): string {
  const lines = [columns, ...rows.map((row) => columns.map((column) => cellText(row[column])))];
  return lines.map((fields) => fields.map(quote).join(',')).join('\r\n');
}

function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
