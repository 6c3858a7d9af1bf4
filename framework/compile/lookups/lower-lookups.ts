import { type Lookup, lookupTable, tableOfLookup } from '../../model/lookup.ts';
import type { Problem } from '../../model/margay-error.ts';
import { matchAlertsTable, standardTables } from '../../model/standard-tables.ts';
import type { Table } from '../../model/table.ts';
import type { FoundContent } from '../content/find-content.ts';
import { type Loaded, loadContent } from '../content/load-content.ts';
import { type LookupContent, lookupSchema, lookupStandIns } from '../schema/lookup-schema.ts';
import { checkRows } from './check-rows.ts';
import { lowerColumns } from './lower-columns.ts';
import { readRows } from './read-rows.ts';
import { rowProblem } from './written-row.ts';

/** The lookups that there are, by id. */
export interface LoweredLookups {
  readonly lookups: readonly Lookup[];
  /** The files of rows that were read. */
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
}

/** More rows than this in one lookup are a log, and belong into the lake. */
const maxRows = 50_000;

/** All rows of all lookups, as JSON: each query that reads a lookup takes its rows along. */
const maxTotalCharacters = 8 * 1024 * 1024;

/** Further problems of one file are mostly consequences. */
const maxProblems = 20;

/** Reads, checks and lowers the lookups of a repository. */
export async function lowerLookups(
  root: string,
  found: Pick<FoundContent, 'lookups' | 'lookupRows'>,
): Promise<LoweredLookups> {
  const { loaded, problems: broken } = await loadContent(root, found.lookups, {
    schema: lookupSchema,
    standIns: lookupStandIns,
  });
  const problems = [...broken];
  const lookups: Lookup[] = [];
  const files: string[] = [];
  let characters = 0;
  for (const file of loaded) {
    const shape = lowerColumns(file);
    const written = await readRows(root, file, shape.columns, found.lookupRows);
    if (written.file !== undefined) files.push(written.file);
    const checked = checkRows(written.rows, shape);
    problems.push(...cut([...written.problems, ...checked.problems]));
    const before = characters;
    characters += JSON.stringify(checked.rows).length;
    checkSize(file, checked.rows.length, before > maxTotalCharacters ? 0 : characters);
    problems.push(...file.report.problems);
    const { description } = file.data;
    lookups.push({ id: file.id, table: tableOfLookup(file.id), description, ...shape, rows: checked.rows });
  }
  return { lookups, files, problems };
}

/**
 * The tables of lookups for SQL: those with a flawed row too, so that no query is blamed for it, but none whose name is
 * another table's, which is refused.
 */
export function tablesOfLookups(
  lookups: readonly Lookup[],
  files: FoundContent['lookups'],
  logTypes: Iterable<{ readonly name: string; readonly table: string }>,
): { readonly tables: readonly Table[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const taken = new Map<string, string>();
  for (const { name } of [...standardTables, matchAlertsTable]) taken.set(name, 'every runtime');
  for (const { name, table } of logTypes) taken.set(table, `the log type '${name}'`);
  const free = lookups.filter(({ id, table }) => {
    const other = taken.get(table);
    taken.set(table, other ?? `the lookup '${id}'`);
    if (other === undefined) return true;
    const file = files.find((one) => one.id === id)?.file ?? '';
    const message = `'${id}' has the table '${table}', which is that of ${other}.`;
    problems.push(
      rowProblem('COMPILE_LOOKUP_CLASH', { file, line: 1, col: 1 }, message, 'Give the file another name.'),
    );
    return false;
  });
  return { tables: free.map(lookupTable), problems };
}

function checkSize({ report, data }: Loaded<LookupContent>, rowCount: number, characters: number): void {
  const at = data.file === undefined ? 'rows' : 'file';
  if (rowCount > maxRows) {
    const message = `The lookup has ${rowCount} rows; ${maxRows} are the limit.`;
    report.add('COMPILE_LOOKUP_TOO_LARGE', [at], message, { hint: 'Send them as logs of a log type of their own.' });
  } else if (characters > maxTotalCharacters) {
    const message = `With this one the rows of all lookups have ${characters} characters; ${maxTotalCharacters} are the limit.`;
    report.add('COMPILE_LOOKUP_TOO_LARGE', [at], message, { hint: 'Leave out rows or columns that no query reads.' });
  }
}

/** The first problems, errors before findings: what stands in the way of a bundle is never among what is left out. */
function cut(all: readonly Problem[]): readonly Problem[] {
  const problems = [...all.filter(isError), ...all.filter((problem) => !isError(problem))];
  const last = problems[maxProblems];
  if (last === undefined) return problems;
  const more = problems.length - maxProblems;
  const message = `${more} more ${more === 1 ? 'thing is' : 'things are'} wrong from here on.`;
  return [...problems.slice(0, maxProblems), { ...last, message, hint: 'Mend those above first.' }];
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}
