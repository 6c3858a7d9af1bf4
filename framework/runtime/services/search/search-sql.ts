import { printCidr } from '../../../match/index.ts';
import { type IndicatorKind, indicatorFields } from '../../../model/indicators.ts';
import type { BoundSql } from '../../../model/lake.ts';
import type { LogType } from '../../../model/log-type.ts';
import { quoteName, quoteText, quoteTime } from '../../../model/quote-sql.ts';
import { eventTable, ruleMatchesTable } from '../../../model/standard-tables.ts';
import type { Searched } from './searched-kinds.ts';
import { summarySql } from './summary-sql.ts';

/** What is searched, and how much of it is shown. */
export interface SearchPlan {
  readonly searched: Searched;
  readonly fromMs: number;
  readonly untilMs: number | undefined;
  /** Those whose events are searched. */
  readonly logTypes: readonly LogType[];
  /** `true`: matches of other log types, and of rows of queries, count as well. */
  readonly isAllLogTypes: boolean;
  readonly limit: number;
}

/** A row of the result: a log type by its number, or `-1` for the matches. */
export interface FoundRow {
  readonly source: number;
  readonly n: number;
  readonly first: string | null;
  readonly last: string | null;
  /** The newest, at most `limit`. */
  readonly newest: readonly FoundItem[] | null;
}

/** An event, or a match. */
export interface FoundItem {
  readonly time: string;
  readonly id: string;
  readonly summary: string;
  /** By kind; `null` of kinds that were not found. */
  readonly mentions: Readonly<Record<string, readonly string[] | null>>;
  readonly log_type: string | null;
  readonly rule_id: string | null;
  readonly level: string | null;
  readonly alert_id: string | null;
}

/**
 * One query over the tables of all log types and the matches, so that there is one snapshot and one turn to wait for.
 * Each table is read once: its count and its newest rows come from the same pass, and nothing is sorted.
 */
export function searchSql(plan: SearchPlan): BoundSql {
  const { searched } = plan;
  const selects = plan.logTypes.map((logType, index) =>
    select(plan, index, eventTable(logType).name, 'p_row_id', summarySql(logType), 'true'),
  );
  const ofLogTypes = `p_log_type IN (${plan.logTypes.map(({ name }) => quoteText(name)).join(', ')})`;
  const isSearched = plan.isAllLogTypes ? 'true' : ofLogTypes;
  selects.push(select(plan, -1, ruleMatchesTable.name, 'p_match_id', '"p_rule_title"', isSearched));
  return {
    text: selects.join(' UNION ALL '),
    values: 'values' in searched ? searched.values.map(({ value }) => value) : [],
  };
}

function select(
  { searched, fromMs, untilMs, limit }: SearchPlan,
  source: number,
  table: string,
  key: string,
  summary: string,
  isSearched: string,
): string {
  const tests = testsOf(searched);
  const mentions = tests.map(({ kind, found }) => `${quoteText(kind)}: ${found}`);
  const ofMatch = (column: string): string => (source === -1 ? quoteName(column) : 'NULL::VARCHAR');
  const item = [
    `'time': p_event_time, 'id': ${quoteName(key)}, 'summary': ${summary}, 'mentions': {${mentions.join(', ')}}`,
    `'log_type': ${ofMatch('p_log_type')}, 'rule_id': ${ofMatch('p_rule_id')}`,
    `'level': ${ofMatch('p_rule_level')}, 'alert_id': ${ofMatch('p_alert_id')}`,
  ];
  const until = untilMs === undefined ? '' : ` AND p_event_time < ${quoteTime(untilMs)}`;
  return `SELECT ${source} AS source, count(*) AS n, min(p_event_time) AS "first", max(p_event_time) AS "last",
    max_by({${item.join(', ')}}, row(p_event_time, ${quoteName(key)}), ${limit}) AS newest
    FROM ${quoteName(table)} WHERE p_event_time >= ${quoteTime(fromMs)}${until} AND ${isSearched}
    AND (${tests.map(({ isIn }) => isIn).join(' OR ')})`;
}

interface KindTest {
  readonly kind: IndicatorKind;
  /** Whether a row has what is looked for. */
  readonly isIn: string;
  /** The values of a row that were looked for. */
  readonly found: string;
}

function testsOf(searched: Searched): readonly KindTest[] {
  if ('values' in searched) {
    return searched.values.map(({ kind }, index) => {
      const column = quoteName(indicatorFields[kind]);
      const value = `$${index + 1}`;
      const found = `list_filter(${column}, lambda one: one = ${value})`;
      return { kind, isIn: `list_contains(${column}, ${value})`, found };
    });
  }
  // The text of a network is checked: it is made of digits, and printed as such.
  const found = `list_filter(${quoteName(indicatorFields.ip)}, lambda one: ${printCidr(searched.network, 'one')})`;
  return [{ kind: 'ip', isIn: `len(${found}) > 0`, found }];
}
