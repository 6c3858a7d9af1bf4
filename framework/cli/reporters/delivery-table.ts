import type { DeliveryReport } from '../../model/delivery.ts';
import type { Colors } from '../terminal.ts';
import { shownIdLength } from './alert-table.ts';
import { formatTime } from './format-time.ts';
import { renderTable } from './table.ts';

/** Wide enough for keys, which are there to be copied. */
const maxColumnWidth = 120;

/** Deliveries as a table, in the order given. */
export function renderDeliveryTable(deliveries: readonly DeliveryReport[], colors: Colors): string {
  return renderTable({
    columns: [
      { name: 'delivery' },
      { name: 'alert' },
      { name: 'status' },
      { name: 'attempts', right: true },
      { name: 'changed' },
      { name: 'error' },
    ],
    rows: deliveries.map(({ key, alertId, status, attempts, updatedAtMs, error }) => [
      key,
      alertId.slice(0, shownIdLength),
      status,
      String(attempts),
      formatTime(updatedAtMs),
      error ?? '',
    ]),
    colors,
    maxColumnWidth,
    style: (text, column) => (column === 2 && text === 'failed' ? colors.red(text) : text),
  });
}
