import type { Problem, Where } from '../../model/margay-error.ts';
import { suggest } from '../../model/suggest.ts';
import type { Column } from '../../model/table.ts';
import { type CsvCell, scanCsv } from './scan-csv.ts';
import { type ReadRows, rowProblem, type WrittenRow } from './written-row.ts';

const quotesHint = 'Put the whole cell in quotes, and double those inside: "a ""b"" c".';

/** Reads CSV text. Its first line names columns, in any order; a cell without anything, not even quotes, is NULL. */
export const readCsv: ReadRows = (file, text, columns) => {
  const { lines, flaw } = scanCsv(text);
  const problems: Problem[] = [];
  const at = ({ line, col }: Pick<CsvCell, 'line' | 'col'>): Where => ({ file, line, col });
  if (flaw) problems.push(rowProblem('COMPILE_LOOKUP_DATA_INVALID', at(flaw), flaw.message, quotesHint));
  const [header = [], ...body] = lines;
  const names = header.map(({ text: name = '' }) => name.trim());
  problems.push(...checkHeader(header, names, columns, at));
  const missing = columns.filter(({ name }) => !names.includes(name));
  problems.push(...missing.map((column) => missingColumn(file, column)));
  if (missing.some(isKey)) return { rows: [], problems };
  const rows = body.flatMap((cells): readonly WrittenRow[] => {
    const first = cells[0] as CsvCell;
    if (cells.length !== names.length) {
      const message = `This line has ${cells.length} cells, and the first line names ${names.length}.`;
      problems.push(rowProblem('COMPILE_LOOKUP_DATA_INVALID', at(first), message, 'Put cells with commas in quotes.'));
      return [];
    }
    const values = columns.flatMap((column) => {
      const index = names.indexOf(column.name);
      return index === -1 ? [] : [[column.name, typedValue(cells[index]?.text, column)] as const];
    });
    return [{ cells: Object.fromEntries(values), where: (name) => at(cells[names.indexOf(name)] ?? first) }];
  });
  return { rows, problems };
};

function checkHeader(
  header: readonly CsvCell[],
  names: readonly string[],
  columns: readonly Column[],
  at: (cell: CsvCell) => Where,
): readonly Problem[] {
  const known = columns.map(({ name }) => name);
  return header.flatMap((cell, index) => {
    const name = names[index] as string;
    if (names.indexOf(name) < index)
      return [rowProblem('COMPILE_LOOKUP_DATA_INVALID', at(cell), `'${name}' stands twice in the first line.`)];
    if (known.includes(name)) return [];
    const message = `The lookup has no column '${name}'.`;
    return [rowProblem('COMPILE_FIELD_UNKNOWN', at(cell), message, suggest(name, known))];
  });
}

function isKey({ nullable }: Column): boolean {
  return nullable === false;
}

/** Every other column may be NULL, and so it may be so in each row; but who declared it meant it to say something. */
function missingColumn(file: string, column: Column): Problem {
  const where = { file, line: 1, col: 1 };
  if (isKey(column)) {
    const message = `The first line has no '${column.name}', which is the key.`;
    return rowProblem('COMPILE_LOOKUP_DATA_INVALID', where, message, 'Name the columns there.');
  }
  return {
    code: 'COMPILE_LOOKUP_COLUMN_MISSING',
    message: `The first line has no '${column.name}', so it is NULL in every row.`,
    where,
    hint: 'Name it there, or remove it from the columns of the lookup.',
    severity: 'finding',
  };
}

const number = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** What a text stands for in its column; a text that stands for nothing there remains one, and is refused as that. */
function typedValue(text: string | undefined, { type }: Column): unknown {
  if (text === undefined) return null;
  // A whole number that would lose digits stays as it is written.
  if (type === 'BIGINT' && number.test(text))
    return Number.isInteger(Number(text)) && !Number.isSafeInteger(Number(text)) ? text : Number(text);
  if (type === 'DOUBLE' && number.test(text)) return Number(text);
  if (type === 'BOOLEAN' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
