import type { Notification } from '../../../../model/alert.ts';
import { showCommand } from '../../notification-payload.ts';
import {
  clipText,
  countMatches,
  levelMarks,
  printableLine,
  printablePairs,
  readableTime,
} from '../../printable-text.ts';

const maxLineLength = 400;
const maxColumns = 50;

/** A notification as a block of lines for a terminal, without colours. Ends with a line break. */
export function renderBlock({ alert, reason, evidence }: Notification): string {
  const again = reason === 'renotified' ? ` (again, no. ${alert.notifications})` : '';
  const times = [...new Set([alert.firstEventTimeMs, alert.lastEventTimeMs])].map(readableTime).join(' to ');
  const context = Object.entries(alert.context).slice(0, maxColumns);
  const runbook = alert.runbook.split('\n').filter((line) => line.trim() !== '');
  const lines = [
    `┌ ${levelMarks[alert.level]} ${alert.level.toUpperCase()}${again}  ${line(alert.title)}`,
    ...part('rule', [[alert.ruleId, ...alert.owners].map(line).join('  ')]),
    ...part('matches', [`${countMatches(alert.matchCount)}, ${times}`]),
    ...part(
      'context',
      context.map(([name, value]) => `${line(name)}: ${line(value)}`),
    ),
    ...part(
      'evidence',
      evidence.map((entry) => `${readableTime(entry.eventTimeMs)}  ${printablePairs(entry.context, maxLineLength)}`),
    ),
    ...part('runbook', runbook.map(line)),
    ...part('see', alert.references.map(line)),
    `└ ${showCommand(alert)}`,
  ];
  return `${lines.map((text) => clipText(text, maxLineLength)).join('\n')}\n`;
}

/** A name beside its first line, the others below. */
function part(name: string, lines: readonly string[]): readonly string[] {
  return lines.map((text, index) => `│ ${(index === 0 ? name : '').padEnd(9)} ${text}`);
}

function line(value: unknown): string {
  return printableLine(value, maxLineLength);
}
