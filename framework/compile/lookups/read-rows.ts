import { posix } from 'node:path';
import { nearest } from '../../model/suggest.ts';
import type { Column } from '../../model/table.ts';
import type { Loaded } from '../content/load-content.ts';
import { readText } from '../content/read-text.ts';
import type { LookupContent } from '../schema/lookup-schema.ts';
import { readCsv } from './read-csv.ts';
import { readNdjson } from './read-ndjson.ts';
import type { ReadRows, WrittenRow, WrittenRows } from './written-row.ts';

/** The largest file of rows, in bytes. */
const maxBytes = 4 * 1024 * 1024;

const readers: Readonly<Record<string, ReadRows>> = { '.csv': readCsv, '.ndjson': readNdjson };
const nothing: WrittenRows = { rows: [], problems: [] };

/**
 * The rows of a lookup, from its own file or from the one it names.
 *
 * @param known - The files of rows below `lookups/`; nothing else is ever read.
 */
export async function readRows(
  root: string,
  lookup: Loaded<LookupContent>,
  columns: readonly Column[],
  known: readonly string[],
): Promise<WrittenRows & { readonly file?: string }> {
  const { data, report } = lookup;
  const { rows, file: name } = data;
  if (rows !== undefined && name !== undefined) {
    const message = 'A lookup has its rows here, or in a file.';
    report.add('COMPILE_COMBINATION_INVALID', ['file'], message, { atKey: true, hint: "Leave out 'rows' or 'file'." });
    return nothing;
  }
  if (name === undefined) {
    const isMissing = rows === undefined && !report.isFlawed('rows') && !report.isFlawed('file');
    if (isMissing)
      report.add('COMPILE_KEY_MISSING', [], "The key 'rows' is missing; a list of maps was expected, or 'file'.");
    return { rows: rowsHere(lookup), problems: [] };
  }
  const read = readers[posix.extname(name)];
  const folder = posix.dirname(lookup.file);
  const file = `${folder}/${name}`;
  if (read === undefined || !known.includes(file)) {
    const beside = known.filter((one) => posix.dirname(one) === folder).map((one) => posix.basename(one));
    const near = nearest(name, beside);
    const message = `There is no file '${name}' of rows beside this one.`;
    report.add('COMPILE_LOOKUP_FILE_MISSING', ['file'], message, {
      hint: near === undefined ? `Write the name of a .csv or .ndjson file in ${folder}/.` : `Did you mean '${near}'?`,
    });
    return nothing;
  }
  const text = await readText(root, file, maxBytes);
  if ('problem' in text) return { rows: [], problems: [text.problem], file };
  return { ...read(file, text.text, columns), file };
}

function rowsHere({ data, report }: Loaded<LookupContent>): readonly WrittenRow[] {
  // Rows that were left out as flawed would shift the places of the others.
  if (report.isFlawed('rows')) return [];
  return (data.rows ?? []).map((cells, index) => ({
    cells,
    where: (name, part) => report.where(['rows', index, name], { atKey: part === 'key' }),
  }));
}
