/** A cell of a CSV file. `undefined`: nothing stands there, not even quotes. */
export interface CsvCell {
  readonly text: string | undefined;
  readonly line: number;
  readonly col: number;
}

/** The lines of a CSV file, or where it breaks the rules of quotes. */
export interface ScannedCsv {
  readonly lines: readonly (readonly CsvCell[])[];
  readonly flaw: { readonly message: string; readonly line: number; readonly col: number } | undefined;
}

// A quoted cell up to its closing quotes, an open one up to the end of the text, or a bare one.
const cell = /"(?<quoted>(?:[^"]|"")*)(?<close>"?)|(?<bare>[^",\n]*)/y;

/**
 * Splits CSV text, whose lines end in LF, into cells; empty lines are left out.
 *
 * @source RFC 4180, section 2; a cell without quotes keeps its blanks.
 */
export function scanCsv(text: string): ScannedCsv {
  const lines: CsvCell[][] = [];
  let cells: CsvCell[] = [];
  let line = 1;
  let lineStart = 0;
  for (let offset = 0; offset < text.length || cells.length > 0; ) {
    cell.lastIndex = offset;
    const found = cell.exec(text) as RegExpExecArray;
    const { quoted, close, bare } = found.groups as Readonly<Record<'quoted' | 'close' | 'bare', string | undefined>>;
    const place = { line, col: offset - lineStart + 1 };
    if (quoted !== undefined && close === '')
      return { lines, flaw: { message: 'These quotes are never closed.', ...place } };
    cells.push({ text: quoted === undefined ? bare || undefined : quoted.replaceAll('""', '"'), ...place });
    const breaks = quoted?.split('\n') ?? [];
    if (breaks.length > 1) {
      line += breaks.length - 1;
      lineStart = offset + 1 + (quoted as string).lastIndexOf('\n') + 1;
    }
    offset += found[0].length;
    const next = text[offset];
    if (next === ',') {
      offset += 1;
      continue;
    }
    if (next !== undefined && next !== '\n') {
      const message = quoted === undefined ? 'Quotes stand amid a cell.' : 'Something stands behind closing quotes.';
      return { lines, flaw: { message, line, col: offset - lineStart + 1 } };
    }
    if (cells.length > 1 || cells[0]?.text !== undefined) lines.push(cells);
    cells = [];
    offset += 1;
    line += 1;
    lineStart = offset;
  }
  return { lines, flaw: undefined };
}
