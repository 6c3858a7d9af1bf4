import Table from 'cli-table3';
import type { Colors } from '../terminal.ts';
import { visibleLine } from '../visible-text.ts';

/** A table of texts. */
export interface TableOptions {
  readonly columns: readonly { readonly name: string; readonly right?: boolean | undefined }[];
  readonly rows: readonly (readonly string[])[];
  readonly colors: Colors;
  /** No column is wider than this; longer values are cut with `…`. @defaultValue 60, unlimited where nobody looks */
  readonly maxColumnWidth?: number | undefined;
  /** Colours one cell after it was cut to size. */
  readonly style?: ((text: string, column: number) => string) | undefined;
}

const chars = {
  top: '', 'top-mid': '', 'top-left': '', 'top-right': '',
  bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
  left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '',
  middle: '  ',
}; // biome-ignore format: the names of the border's parts, side by side

/** A table without borders, its header underlined by colour only, so that it pastes and greps well. */
export function renderTable({ columns, rows, colors, maxColumnWidth = defaultWidth(), style }: TableOptions): string {
  const table = new Table({
    head: columns.map(({ name }) => colors.bold(colors.cyan(name))),
    colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
    chars,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  for (const row of rows) {
    table.push(row.map((cell, column) => styled(cut(visibleLine(cell), maxColumnWidth), column, style)));
  }
  return table.toString().replaceAll(/ +$/gm, '');
}

/** What is piped is for another program, which wants whole values. */
function defaultWidth(): number {
  return process.stdout.isTTY ? 60 : Number.POSITIVE_INFINITY;
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

function styled(text: string, column: number, style: TableOptions['style']): string {
  return style ? style(text, column) : text;
}
