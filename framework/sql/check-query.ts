import { sha256Digest } from '../model/stable-id.ts';
import type { Column, Table } from '../model/table.ts';
import type { QueryNode } from './ast/ast.ts';
import { logicText } from './ast/same-expression.ts';
import { gateQuery } from './gate/gate-query.ts';
import { noLineage, type QueryLineage } from './lineage/query-lineage.ts';
import { traceQuery } from './lineage/trace-query.ts';
import { parseSelect } from './parse/parse-select.ts';
import { sqlOf } from './parse/serialize-sql.ts';
import { prepareQuery } from './prepare/prepare-query.ts';
import { resultColumns } from './prepare/result-columns.ts';
import { checkComparisons } from './rules/check-comparisons.ts';
import { checkContextKeys, explainContextKey } from './rules/check-context-keys.ts';
import { checkOccursSince } from './rules/check-occurs-since.ts';
import { checkInnerOrder, checkOrder } from './rules/check-order.ts';
import { checkValues } from './rules/check-values.ts';
import type { Contexts } from './rules/context-reads.ts';
import { findWideReads } from './rules/find-wide-reads.ts';
import { findRuleReferences, type RuleReference } from './rules/rule-references.ts';
import { typeContext } from './rules/type-context.ts';
import { bindNames } from './scope/bind-query.ts';
import type { Bindings, BoundQuery } from './scope/bound.ts';
import { createReport, type Report, type SqlProblem } from './sql-problem.ts';

/** What a query may read. */
export interface Catalog {
  readonly tables: readonly Table[];
  /** Detection id → the context columns that it declares. */
  readonly contexts: Contexts;
}

/** What is known about a query. */
export interface CheckedQuery {
  /** In the order of the text; without an error among them the query runs. */
  readonly problems: readonly SqlProblem[];
  /** The query as it runs: as it is written, with declared context columns cast to their types. */
  readonly sql: string;
  /** The result columns. Empty when there are errors. */
  readonly columns: readonly Column[];
  /** The tables it reads, sorted. */
  readonly tables: readonly string[];
  /** The detection ids that it compares `p_rule_id` with, each once, in the order of the text. */
  readonly ruleIds: readonly string[];
  /** As `ruleIds`, every occurrence with its offset in characters. */
  readonly ruleReferences: readonly RuleReference[];
  /** How far back it reads: the windows of its calls of `p_occurs_since`, in milliseconds and no particular order. */
  readonly windowsMs: readonly number[];
  /** What it reads and what becomes of it. Empty when there are errors. */
  readonly lineage: QueryLineage;
  /** Equal for queries that differ in blanks and comments only. `''` for a text that can't be parsed. */
  readonly digest: string;
}

/**
 * Checks authored SQL: parser, gate, names, context keys and rules, all problems at once; then, without errors,
 * DuckDB itself on empty tables, which gives the result types. Nothing is run. About 5 ms once warm.
 *
 * @param sql - One SELECT in the portable subset of DuckDB's dialect.
 */
export async function checkQuery(sql: string, catalog: Catalog): Promise<CheckedQuery> {
  const { node: authored, report } = await parseSelect(sql);
  if (authored === undefined) {
    return {
      problems: report.problems,
      sql,
      columns: [],
      tables: [],
      ruleIds: [],
      ruleReferences: [],
      windowsMs: [],
      lineage: noLineage,
      digest: '',
    };
  }
  gateQuery(authored, report);
  const names = bindNames(authored, catalog.tables, report, explainContextKey(catalog.contexts));
  checkContextKeys(names, catalog.contexts, report);
  const node = typeContext(authored, names, catalog.contexts, report);
  // Names that could not be resolved have been reported.
  const bindings =
    node === authored
      ? names
      : bindNames(
          node,
          catalog.tables,
          createReport((bytes) => bytes),
        );
  const windowsMs = checkOccursSince(bindings, report);
  findWideReads(bindings, report);
  // What depends on types is not asked of a text that already means something else than it looks.
  if (!hasErrors(report)) {
    checkValues(bindings, report);
    checkComparisons(bindings, report);
    checkOrder(bindings, report);
    checkInnerOrder(bindings, report);
  }
  const tables = usedTables(bindings);
  const typed = node === authored || hasErrors(report) ? sql : await sqlOf(node);
  const columns = hasErrors(report)
    ? []
    : await typedColumns(typed, node, bindings.root, tables, report, typed === sql);
  const ruleReferences = findRuleReferences(bindings, report);
  return {
    problems: inOrder(report.problems),
    sql: typed,
    columns: hasErrors(report) ? [] : columns,
    tables: tables.map((table) => table.name),
    ruleIds: [...new Set(ruleReferences.map((reference) => reference.ruleId))],
    ruleReferences,
    windowsMs,
    lineage: hasErrors(report) ? noLineage : traceQuery(bindings, report),
    digest: sha256Digest(logicText(node)),
  };
}

async function typedColumns(
  sql: string,
  node: QueryNode,
  bound: BoundQuery,
  tables: readonly Table[],
  report: Report,
  isAuthored: boolean,
): Promise<readonly Column[]> {
  const prepared = await prepareQuery(sql, node, tables);
  if (prepared.ok) return resultColumns(bound, prepared.types, report);
  report.add(
    'SQL_TYPE_WRONG',
    // A place in a text that the author never saw helps nobody.
    isAuthored ? prepared.offset : undefined,
    `DuckDB refuses it: ${prepared.message}`,
    bindingHint(prepared.message),
  );
  return [];
}

function bindingHint(message: string): string | undefined {
  if (/GROUP BY clause/.test(message)) return 'Add it to GROUP BY, or take min(x) or max(x) of it.';
  if (
    /perl operator|missing [)\]]|repetition|unexpected [)]|trailing \\|escape sequence|character class/.test(message)
  ) {
    return 'Regular expressions are those of RE2: no look-around, no back-references; write \\( for a parenthesis itself.';
  }
  if (/argument types/.test(message)) return 'Cast the argument, as in CAST(x AS BIGINT).';
  return undefined;
}

function usedTables(bindings: Bindings): readonly Table[] {
  const used = new Map<string, Table>();
  for (const { use } of bindings.sources.values()) if (use !== undefined) used.set(use.table.name, use.table);
  return [...used.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function hasErrors(report: Report): boolean {
  return report.problems.some((problem) => problem.severity === 'error');
}

/** By place; what has none comes first. */
function inOrder(problems: readonly SqlProblem[]): readonly SqlProblem[] {
  return [...problems].sort((a, b) => (a.offset ?? -1) - (b.offset ?? -1));
}
