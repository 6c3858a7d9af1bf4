import type { Expired } from '../../model/lake.ts';
import { quoteText } from '../../model/quote-sql.ts';
import { deadLettersTable, ruleErrorsTable } from '../../model/standard-tables.ts';
import type { LogTypeStatus, StatusReport } from '../api/index.ts';
import { silences } from '../last-heard.ts';
import { listMutes } from './mute-service.ts';
import { packageVersion } from './package-version.ts';
import { describeLive, secretsMissing } from './publish-service.ts';
import type { RuntimeParts } from './runtime-parts.ts';

const limits = { timeoutMs: 30_000, maxRows: 100, lane: 'scheduled' } as const;

/** How the runtime is, for `margay status`. */
export async function reportStatus(parts: RuntimeParts): Promise<StatusReport> {
  const end = parts.log.end();
  const live = await describeLive(parts);
  const counted = await parts.lake.query(
    countsSql(live.activatedAtMs ?? 0),
    [deadLettersTable, ruleErrorsTable],
    limits,
  );
  const quarantined = await parts.state.list<StatusReport['quarantined'][number]>('quarantine');
  const expired = await parts.state.list<Expired>('expired');
  return {
    version: packageVersion(),
    startedAtMs: parts.startedAtMs,
    live,
    log: { end },
    consumers: Object.entries({ ...parts.consumers, archive: parts.archiving.consumer }).map(([name, consumer]) => {
      const position = consumer.position().next;
      return { name, position, idle: position >= end, stalledBy: consumer.stalledBy() ?? null };
    }),
    queries: await parts.scheduler.statuses(),
    logTypes: logTypeStatuses(parts),
    quarantined: quarantined.map(({ value }) => value),
    mutes: (await listMutes(parts)).mutes,
    ruleErrors: counted.rows
      .filter(({ rule_id: ruleId }) => ruleId !== null)
      .map(({ rule_id: ruleId, rule_version: version, n }) => ({
        ruleId: String(ruleId),
        version: String(version),
        count: Number(n),
      })),
    deliveries: await parts.delivery.counts(),
    deadLetterCount: Number(counted.rows.find(({ rule_id: ruleId }) => ruleId === null)?.n ?? 0),
    expired: expired.map(({ value }) => value),
    missingSecrets: secretsMissing(parts),
  };
}

/** Dead letters without a name, then errors since a time by detection. */
function countsSql(sinceMs: number): string {
  return `SELECT NULL AS rule_id, NULL AS rule_version, count(*) AS n FROM dead_letters UNION ALL
    SELECT rule_id, rule_version, count(*) FROM rule_errors
    WHERE stage = 'live' AND recorded_at >= ${quoteText(new Date(sinceMs).toISOString())}::TIMESTAMP
    GROUP BY rule_id, rule_version ORDER BY rule_id NULLS FIRST`;
}

function logTypeStatuses({ active, consumers, clock }: RuntimeParts): readonly LogTypeStatus[] {
  const bundle = active()?.catalog.bundle ?? { logTypes: [] };
  const { heard = {} } = consumers.detect.position();
  const silent = new Map(silences(bundle, heard, clock.now()).map(({ logType, sinceMs }) => [logType, sinceMs]));
  return bundle.logTypes
    .filter(({ name, silentAfterMs }) => silentAfterMs !== undefined || heard[name] !== undefined)
    .map(({ name, silentAfterMs }) => ({
      logType: name,
      lastReceivedAtMs: heard[name]?.receivedAtMs ?? null,
      silentAfterMs: silentAfterMs ?? null,
      silentSinceMs: silent.get(name) ?? null,
    }));
}

/** The same in Prometheus' text format, with `margay_` names. */
export async function reportMetrics(parts: RuntimeParts): Promise<string> {
  const status = await reportStatus(parts);
  const lines = [
    metric('margay_log_end', 'gauge', 'Position after the last durable record.', [['', status.log.end]]),
    metric('margay_consumer_position', 'gauge', 'How far a consumer has read.', consumerSamples(status)),
    metric('margay_live_serial', 'gauge', 'Serial of the live bundle.', [['', status.live.serial]]),
    metric('margay_deliveries', 'gauge', 'Deliveries by state.', [
      ['{state="pending"}', status.deliveries.pending],
      ['{state="failed"}', status.deliveries.failed],
    ]),
    metric('margay_dead_letters', 'gauge', 'Records that became no event.', [['', status.deadLetterCount]]),
    metric(
      'margay_expired_rows_total',
      'counter',
      'Rows that retention has removed.',
      status.expired.map(({ table, rowCount }) => [`{table="${table}"}`, rowCount] as const),
    ),
    metric('margay_quarantined_detections', 'gauge', 'Detections stopped because they hung.', [
      ['', status.quarantined.length],
    ]),
    metric(
      'margay_log_type_silent',
      'gauge',
      'Whether a log type with silentAfter is silent.',
      status.logTypes
        .filter(({ silentAfterMs }) => silentAfterMs !== null)
        .map(({ logType, silentSinceMs }) => [`{log_type="${logType}"}`, silentSinceMs === null ? 0 : 1] as const),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function consumerSamples(status: StatusReport): readonly (readonly [string, number])[] {
  return status.consumers.map(({ name, position }) => [`{consumer="${name}"}`, position] as const);
}

function metric(name: string, type: string, help: string, samples: readonly (readonly [string, number])[]): string {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(([labels, value]) => `${name}${labels} ${value}`),
  ].join('\n');
}
