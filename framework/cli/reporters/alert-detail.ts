import type { DeliveryReport } from '../../model/delivery.ts';
import type { AlertDetail, AlertEvidence } from '../../runtime/api/index.ts';
import type { Colors } from '../terminal.ts';
import { visibleLine, visibleText } from '../visible-text.ts';
import { colorLevel } from './color-level.ts';
import { formatTime } from './format-time.ts';

/** One alert in full: what happened, evidence, runbook, deliveries. */
export function renderAlertDetail({ alert, evidence, deliveries }: AlertDetail, colors: Colors): string {
  const facts: readonly (readonly [string, string])[] = [
    ['alert', alert.alertId],
    ['detection', alert.ruleId],
    ['stage', alert.stage === 'live' ? '' : alert.stage],
    ['level', colorLevel(alert.level, colors)],
    ['status', `${alert.status}${alert.disposition ? `, ${alert.disposition}` : ''}`],
    ['muted', alert.muted ? visibleLine(describeAlertMute(alert.muted)) : ''],
    ['matches', String(alert.matchCount)],
    ['first event', formatTime(alert.firstEventTimeMs)],
    ['last event', formatTime(alert.lastEventTimeMs)],
    ['created', formatTime(alert.createdAtMs)],
    ['dedup key', visibleLine(alert.dedup)],
    ['goes to', alert.destinations.join(', ') || '(nowhere)'],
    ['tags', alert.tags.join(', ')],
    ['owners', alert.owners.join(', ')],
  ];
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['', facts.filter(([, value]) => value !== '').map(([name, value]) => `${colors.dim(name.padEnd(12))} ${value}`)],
    ['What happened', textLines(alert.description)],
    ['Context', Object.entries(alert.context).map(([name, value]) => `${name}: ${valueText(value)}`)],
    ['Values', summaryLines(alert)],
    ['Evidence', evidence.flatMap(evidenceLines)],
    ['Runbook', textLines(alert.runbook)],
    ['References', alert.references.map(visibleLine)],
    ['Deliveries', deliveries.map(deliveryLine)],
  ];
  return [
    colors.bold(visibleLine(alert.title)),
    ...sections
      .filter(([, lines]) => lines.length > 0)
      .map(([name, lines]) =>
        [...(name ? [colors.underline(name)] : []), ...lines.map((line) => `  ${line}`)].join('\n'),
      ),
  ].join('\n\n');
}

function describeAlertMute({ by, reason, untilMs }: NonNullable<AlertDetail['alert']['muted']>): string {
  return `until ${formatTime(untilMs)}, by ${by}: ${reason}`;
}

function summaryLines({ summaries }: AlertDetail['alert']): readonly string[] {
  return Object.entries(summaries).map(([field, { distinct, top }]) => {
    const values = top.map(({ value, count }) => `${visibleLine(value)} (${count})`);
    return `${field}: ${values.join(', ')}${distinct > top.length ? `, and ${distinct - top.length} more` : ''}`;
  });
}

function evidenceLines({ eventTimeMs, title, context, event }: AlertEvidence): readonly string[] {
  const columns = Object.entries(context).map(([name, value]) => `${name}=${valueText(value)}`);
  return [
    [formatTime(eventTimeMs), visibleLine(title), ...columns].join('  '),
    ...visibleText(JSON.stringify(event, null, 2))
      .split('\n')
      .map((line) => `  ${line}`),
  ];
}

function deliveryLine({ destination, status, attempts, updatedAtMs, error }: DeliveryReport): string {
  const failure = error ? `: ${visibleLine(error)}` : '';
  return `${destination}  ${status} after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}, ${formatTime(updatedAtMs)}${failure}`;
}

function textLines(text: string): readonly string[] {
  return text.trim() === '' ? [] : visibleText(text.trimEnd()).split('\n');
}

function valueText(value: unknown): string {
  return visibleLine(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}
