import type { ChannelFreeze, History } from '../../runtime/api/index.ts';
import type { Colors } from '../terminal.ts';
import { visibleLine } from '../visible-text.ts';
import { formatTime } from './format-time.ts';
import { shortDigest } from './plan-words.ts';
import { renderTable } from './table.ts';

/** What went live, newest first, and what holds publishes. */
export function renderHistory({ activations, frozen }: History, colors: Colors): string {
  if (activations.length === 0) return 'Nothing was published yet.';
  const table = renderTable({
    columns: [
      { name: 'serial', right: true },
      { name: 'bundle' },
      { name: 'since' },
      { name: 'what' },
      { name: 'by' },
      { name: 'commit' },
      { name: 'reason' },
    ],
    rows: activations.map((it) => [
      String(it.serial),
      shortDigest(it.digest),
      formatTime(it.activatedAtMs),
      it.action,
      it.actor ?? '-',
      it.commit?.slice(0, 12) ?? '-',
      it.reason ?? '',
    ]),
    colors,
  });
  return frozen ? `${table}\n\n${colors.yellow(`! ${visibleLine(describeFreeze(frozen))}`)}` : table;
}

/** Who holds publishes, since when and why. */
export function describeFreeze({ by, atMs, reason }: ChannelFreeze): string {
  return `publishes are refused: ${by} rolled back at ${formatTime(atMs)}: ${reason} See 'margay resume'.`;
}
