import type { QuarantinedRule } from '../../runtime/api/index.ts';
import type { Colors } from '../terminal.ts';
import { formatTime } from './format-time.ts';
import { renderTable } from './table.ts';

/** Wide enough for reasons. */
const maxColumnWidth = 160;

/** Stopped detections as a table, in the order given. */
export function renderQuarantineTable(quarantined: readonly QuarantinedRule[], colors: Colors): string {
  return renderTable({
    columns: [{ name: 'detection' }, { name: 'stopped' }, { name: 'reason' }],
    rows: quarantined.map(({ ruleId, quarantinedAtMs, reason }) => [ruleId, formatTime(quarantinedAtMs), reason]),
    colors,
    maxColumnWidth,
  });
}
