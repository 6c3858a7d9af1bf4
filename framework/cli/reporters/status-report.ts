import { formatDuration } from '../../model/duration.ts';
import type { LogTypeStatus, QueryStatus, StatusReport } from '../../runtime/api/index.ts';
import type { Colors } from '../terminal.ts';
import { visibleLine } from '../visible-text.ts';
import { describeMute } from './describe-mute.ts';
import { formatTime } from './format-time.ts';
import { describeFreeze } from './history-table.ts';
import { plural } from './problems.ts';
import { renderTable } from './table.ts';

/** How a runtime is, for people. */
export function renderStatus(status: StatusReport, url: string, colors: Colors): string {
  const { live, consumers, deliveries, queries, logTypes } = status;
  const facts: readonly (readonly [string, string])[] = [
    ['runtime', `${url}, Margay ${status.version}, up since ${formatTime(status.startedAtMs)}`],
    ['live', live.digest ?? 'nothing was published yet'],
    ...(live.digest
      ? [
          [
            '',
            `serial ${live.serial}, since ${formatTime(live.activatedAtMs)}, commit ${live.commit ?? 'unknown'}`,
          ] as const,
          [
            '',
            `${plural(live.detectionCount, 'detection')}, ${plural(live.queryCount, 'scheduled query', 'scheduled queries')}`,
          ] as const,
        ]
      : []),
    ['log', `ends at ${status.log.end}`],
    ...consumers.map(
      ({ name, position, idle }) => [`  ${name}`, idle ? 'has read everything' : `is at ${position}`] as const,
    ),
    ['dead letters', String(status.deadLetterCount)],
    ...status.expired.map(
      ({ table, rowCount, throughDay }, index) =>
        [
          index === 0 ? 'retention' : '',
          `${plural(rowCount, 'row')} of ${table} removed, through ${throughDay}`,
        ] as const,
    ),
    ...status.mutes.map((mute, index) => [index === 0 ? 'muted' : '', visibleLine(describeMute(mute))] as const),
    ['deliveries', `${deliveries.pending} pending, ${deliveries.failed} failed`],
  ];
  const attention = attentionLines(status).map((line) => colors.yellow(`! ${visibleLine(line)}`));
  return [
    facts.map(([name, value]) => `${colors.dim(name.padEnd(12))} ${value}`).join('\n'),
    ...(logTypes.length > 0 ? [renderLogTypes(logTypes, colors)] : []),
    ...(queries.length > 0 ? [renderQueries(queries, colors)] : []),
    ...(attention.length > 0 ? [attention.join('\n')] : []),
  ].join('\n\n');
}

/** What somebody should look at; `[]` when all is well. */
export function attentionLines(status: StatusReport): readonly string[] {
  const { live, quarantined, missingSecrets, deliveries, queries, logTypes } = status;
  return [
    ...(live.frozen ? [describeFreeze(live.frozen)] : []),
    ...logTypes.flatMap(({ logType, silentSinceMs }) =>
      silentSinceMs === null ? [] : [`${logType} is silent: no logs since ${formatTime(silentSinceMs)}`],
    ),
    ...quarantined.map(({ ruleId, reason }) => `${ruleId} is stopped: ${reason} See 'margay quarantine'.`),
    ...missingSecrets.map((name) => `the environment lacks ${name}, which a destination needs`),
    ...(deliveries.failed > 0
      ? [`${plural(deliveries.failed, 'delivery', 'deliveries')} failed for good: see 'margay deliveries'`]
      : []),
    ...queries.flatMap(({ queryId, lastRun }) =>
      lastRun && ['failed', 'timed_out'].includes(lastRun.status)
        ? [`the last run of ${queryId} ${lastRun.status}${lastRun.error ? `: ${lastRun.error}` : ''}`]
        : [],
    ),
  ];
}

function renderLogTypes(logTypes: readonly LogTypeStatus[], colors: Colors): string {
  return renderTable({
    columns: [{ name: 'log type' }, { name: 'last received' }, { name: 'silent after' }],
    rows: logTypes.map(({ logType, lastReceivedAtMs, silentAfterMs }) => [
      logType,
      formatTime(lastReceivedAtMs),
      silentAfterMs === null ? '-' : formatDuration(silentAfterMs),
    ]),
    colors,
  });
}

function renderQueries(queries: readonly QueryStatus[], colors: Colors): string {
  return renderTable({
    columns: [
      { name: 'scheduled query' },
      { name: 'next run' },
      { name: 'last run' },
      { name: 'ended' },
      { name: 'rows', right: true },
    ],
    rows: queries.map(({ queryId, nextAtMs, lastRun }) => [
      queryId,
      formatTime(nextAtMs),
      formatTime(lastRun?.scheduledAtMs),
      lastRun?.status ?? '-',
      `${lastRun?.rowCount ?? '-'}${lastRun?.truncated ? ', truncated' : ''}`,
    ]),
    colors,
  });
}
