import type { Alert } from '../../model/alert.ts';
import type { Colors } from '../terminal.ts';
import { colorLevel } from './color-level.ts';
import { formatTime } from './format-time.ts';
import { renderTable } from './table.ts';

/** Characters of an alert id that tables show; the API takes them for the whole. */
export const shownIdLength = 16;

/** Alerts as a table, in the order given. */
export function renderAlertTable(alerts: readonly Alert[], colors: Colors): string {
  return renderTable({
    columns: [
      { name: 'alert' },
      { name: 'level' },
      { name: 'status' },
      { name: 'matches', right: true },
      { name: 'last event' },
      { name: 'title' },
      { name: 'detection' },
      { name: 'goes to' },
    ],
    rows: alerts.map((alert) => [
      alert.alertId.slice(0, shownIdLength),
      alert.level,
      alert.status,
      String(alert.matchCount),
      formatTime(alert.lastEventTimeMs),
      alert.title,
      alert.ruleId,
      alert.destinations.join(', ') || (alert.stage === 'shadow' ? '(shadow)' : '(nowhere)'),
    ]),
    colors,
    style: (text, column) => (column === 1 ? colorLevel(text, colors) : text),
  });
}
