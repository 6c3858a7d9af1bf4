import type { Table } from '../../model/table.ts';
import type { QueryNode } from '../ast/ast.ts';
import { foldTime } from '../fold/fold-ast.ts';
import { parseGated } from '../gate/parse-gated.ts';
import { bindNames } from '../scope/bind-query.ts';
import { createReport } from '../sql-problem.ts';
import { printQuery } from './print-query.ts';
import { outermostStatement } from './statement.ts';
import { Unproven } from './unproven.ts';

/** SQL for alasql, or why there is none. */
export type PrintedAlasql =
  | {
      readonly sql: string;
      /** The statements that `m_query` runs, by number: subqueries in expressions. */
      readonly called: readonly string[];
    }
  | { readonly refusal: string };

/**
 * Prints an authored query for alasql, from its AST: authored text never reaches alasql, which turns SQL into
 * JavaScript and is no sandbox. Conditions, comparisons and aggregates become calls of our own functions
 * (`m_and`, `m_eq`, `M_MIN`, …), which give what DuckDB gives; alasql itself scans, joins, groups and sorts.
 *
 * The text runs where {@link openSqlEngines} has registered those functions, over tables whose rows hold ISO
 * texts for TIMESTAMP and values for JSON. What is not proven to agree with DuckDB is refused with a reason.
 *
 * @param nowMs - The SQL clock, in milliseconds since the epoch.
 * @throws the first error of the gate when the text is not one SELECT of the subset.
 */
export async function printAlasql(sql: string, tables: readonly Table[], nowMs: number): Promise<PrintedAlasql> {
  return printNode(await parseGated(sql), tables, nowMs);
}

/** As {@link printAlasql}, of a query that is parsed already. */
export function printNode(node: QueryNode, tables: readonly Table[], nowMs: number): PrintedAlasql {
  const report = createReport((bytes) => bytes);
  const { root, ...bindings } = bindNames(foldTime(node, nowMs), tables, report);
  const [problem] = report.problems;
  if (problem !== undefined) return { refusal: problem.message };
  try {
    const statement = outermostStatement(bindings);
    const names = root.outputs.map((output) => output.name ?? '');
    return { sql: printQuery(root, statement, names), called: statement.called };
  } catch (error) {
    if (error instanceof Unproven) return { refusal: error.message };
    throw error;
  }
}
