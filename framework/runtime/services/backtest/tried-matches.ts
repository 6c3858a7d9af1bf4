import type { Detection } from '../../../model/detection.ts';
import { quoteText, quoteTime } from '../../../model/quote-sql.ts';
import type { RuleMatch } from '../../../model/rule-match.ts';
import { ruleMatchesTable } from '../../../model/standard-tables.ts';
import type { Row, Table } from '../../../model/table.ts';
import { matchRow } from '../../alert/index.ts';
import type { Window } from './plan-scan.ts';
import { type BySide, type Side, sides } from './trial-message.ts';

/** Rows of `rule_matches` as a trial would have made them, each match of a side once. */
export class TriedMatches {
  readonly #maxMatches: number;
  readonly #rows: Record<Side, Map<string, Row>> = { before: new Map(), after: new Map() };
  readonly #ruleIds = new Set<string>();
  #isFull = false;

  /** @param maxMatches - More of one side are not kept. */
  constructor(maxMatches: number) {
    this.#maxMatches = maxMatches;
  }

  /** Whether there were more matches than are kept. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** From now on the matches of a detection are those that are added, and not those of the lake. */
  replace(detections: BySide<Detection>): void {
    for (const side of sides) if (detections[side]) this.#ruleIds.add(detections[side].id);
  }

  /** Takes matches of a detection; one that is off records none. */
  add(detections: BySide<Detection>, found: BySide<readonly RuleMatch[]>): void {
    for (const side of sides) {
      const detection = detections[side];
      if (!detection || detection.mode === 'off') continue;
      for (const match of found[side] ?? []) {
        if (this.#isFull) return;
        // Nothing here was late: it is detected when it happens.
        this.#rows[side].set(match.matchId, matchRow(match, detection, null, match.eventTimeMs));
        this.#isFull = this.#rows[side].size > this.#maxMatches;
      }
    }
  }

  /** What a side finds, the other side finds as well. */
  mirror(): void {
    for (const [id, row] of this.#rows.after) this.#rows.before.set(id, row);
  }

  /** Whether both sides found the same. */
  get isOne(): boolean {
    const { before, after } = this.#rows;
    return before.size === after.size && JSON.stringify(sorted(before)) === JSON.stringify(sorted(after));
  }

  /** `rule_matches` of one side, over that of the lake: a CTE, and the table that it reads. */
  overlay(side: Side, window: Window): { readonly cte: (seen: readonly Table[]) => string; readonly table: Table } {
    const ids = [...this.#ruleIds].sort().map(quoteText).join(', ');
    const replaced = `p_rule_id IN (${ids}) AND p_event_time >= ${quoteTime(window.fromMs)} AND p_event_time < ${quoteTime(window.untilMs)}`;
    const table = { ...ruleMatchesTable, name: 'margay_tried_matches', rows: sorted(this.#rows[side]) };
    const cte = (seen: readonly Table[]): string => {
      const only = seen.find(({ name }) => name === ruleMatchesTable.name)?.only;
      const tried = only ? `${table.name} WHERE ${only.column} = ${quoteText(only.value)}` : table.name;
      return `WITH rule_matches AS NOT MATERIALIZED (SELECT * FROM rule_matches WHERE NOT (${replaced}) UNION ALL BY NAME SELECT * FROM ${tried})`;
    };
    return { cte, table };
  }
}

function sorted(rows: ReadonlyMap<string, Row>): readonly Row[] {
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
