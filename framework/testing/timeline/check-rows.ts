import { MargayError } from '../../model/margay-error.ts';
import type { Row, Table } from '../../model/table.ts';
import { encodeRow } from '../../runtime/lake/index.ts';

/**
 * Refuses rows that the lake would refuse: what is green in a test must not stop the runtime.
 *
 * @throws TEST_ROW_INVALID
 */
export function checkRows(table: Table, rows: readonly Row[]): void {
  try {
    for (const row of rows) encodeRow(table, row, 0);
  } catch (error) {
    if (!(error instanceof MargayError)) throw error;
    throw new MargayError('TEST_ROW_INVALID', error.message, {
      hint: 'The runtime could not record it: please report it, with the test.',
      cause: error,
    });
  }
}
