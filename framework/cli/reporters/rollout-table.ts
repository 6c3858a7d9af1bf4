import type { RolloutReport } from '../../runtime/api/index.ts';
import type { Colors } from '../terminal.ts';
import { formatTime } from './format-time.ts';
import { renderTable } from './table.ts';

/** Wide enough for reasons. */
const maxColumnWidth = 160;

/** New versions in the shadow as a table, in the order given. */
export function renderRolloutTable(rollouts: readonly RolloutReport[], colors: Colors): string {
  return renderTable({
    columns: [
      { name: 'detection' },
      { name: 'status' },
      { name: 'since' },
      { name: 'evaluated', right: true },
      { name: 'matches', right: true },
      { name: 'alerts', right: true },
      { name: 'most a day', right: true },
      { name: 'errors', right: true },
      { name: 'why' },
    ],
    rows: rollouts.map((it) => [
      ...[it.ruleId, it.status, formatTime(it.sinceMs)],
      ...[it.evaluated, it.matches, it.alerts].map(String),
      `${it.maxAlertsOnADay}${it.alertBudgetPerDay === null ? '' : ` of ${it.alertBudgetPerDay}`}`,
      ...[String(it.errors), it.reason],
    ]),
    colors,
    maxColumnWidth,
  });
}
