import type { Problem } from '../../model/margay-error.ts';
import { isRecord } from '../../model/path.ts';
import { findJsonFlaw } from '../tests/find-json-flaw.ts';
import { type ReadRows, rowProblem, type WrittenRow } from './written-row.ts';

/** Reads one JSON object a line; empty lines are left out. */
export const readNdjson: ReadRows = (file, text) => {
  const rows: WrittenRow[] = [];
  const problems: Problem[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const at = (offset: number) => ({ file, line: index + 1, col: offset + 1 });
    const value = parse(line);
    if (isRecord(value))
      rows.push({ cells: value, where: (name) => at(Math.max(0, line.indexOf(JSON.stringify(name)))) });
    else {
      const flaw = value === undefined ? findJsonFlaw(line) : 0;
      const message = value === undefined ? 'This is not valid JSON.' : 'A line is one JSON object.';
      problems.push(
        rowProblem('COMPILE_LOOKUP_DATA_INVALID', at(flaw), message, `Write {"column":"value"} in each line.`),
      );
    }
  }
  return { rows, problems };
};

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
