import { visibleLine } from '../visible-text.ts';

const maxColumns = 100;

/**
 * One line of a file with a caret under a column, in two lines; `undefined` when the file has no such line.
 * A long line is cut around the column.
 *
 * @param line - From 1.
 * @param col - From 1, in UTF-16 code units.
 */
export function codeFrame(content: string, line: number, col: number): string | undefined {
  const text = content.split('\n', line)[line - 1]?.replace(/\r$/, '');
  if (text === undefined || text.trim() === '') return undefined;
  const column = Math.min(col - 1, text.length);
  const start = column < maxColumns - 20 ? 0 : column - maxColumns / 2;
  const before = `${start > 0 ? '…' : ''}${shown(text.slice(start, column))}`;
  const after = shown(text.slice(column, start + maxColumns));
  const gutter = String(line);
  const cut = start + maxColumns < text.length ? '…' : '';
  return [`${gutter} │ ${before}${after}${cut}`, `${' '.repeat(gutter.length)} │ ${' '.repeat(before.length)}^`].join(
    '\n',
  );
}

/** A tab is as wide as a blank here, so that the caret stands right. */
function shown(text: string): string {
  return visibleLine(text.replaceAll('\t', ' '));
}
