import type { Alert } from '../../model/alert.ts';
import { selectLevels } from '../../model/level.ts';
import { MargayError } from '../../model/margay-error.ts';
import { quoteText } from '../../model/quote-sql.ts';
import { alertsTable, ruleMatchesTable } from '../../model/standard-tables.ts';
import type { AlertDetail, AlertEvidence, AlertFilter, AlertList } from '../api/index.ts';
import type { RuntimeParts } from './runtime-parts.ts';

/** Small queries of our own, which no user's query shall hold up. */
const limits = { timeoutMs: 30_000, maxRows: 1_001, lane: 'scheduled' } as const;
const evidenceCount = 5;

/** Alerts, newest first. The lake filters and orders, the state holds each one whole. */
export async function listAlerts(parts: RuntimeParts, filter: AlertFilter): Promise<AlertList> {
  await parts.catchUp();
  const conditions = [
    `stage = ${quoteText(filter.stage ?? 'live')}`,
    filter.level && `level IN (${selectLevels([filter.level]).map(quoteText).join(', ')})`,
    filter.ruleId && `rule_id = ${quoteText(filter.ruleId)}`,
    filter.status && `status = ${quoteText(filter.status)}`,
  ].filter(Boolean);
  const sql = `SELECT alert_id FROM alerts WHERE ${conditions.join(' AND ')} ORDER BY created_at DESC, alert_id LIMIT ${filter.limit + 1}`;
  const { rows } = await parts.lake.query(sql, [alertsTable], limits);
  const ids = rows.map((row) => String(row.alert_id));
  const found = await parts.state.getMany<Alert>('alert', ids.slice(0, filter.limit));
  return {
    alerts: ids.flatMap((id) => found.get(id) ?? []),
    truncated: ids.length > filter.limit,
  };
}

/**
 * One alert with its evidence and deliveries.
 *
 * @throws API_ALERT_UNKNOWN when no alert, or more than one, begins with the id.
 */
export async function showAlert(parts: RuntimeParts, idOrPrefix: string): Promise<AlertDetail> {
  await parts.catchUp();
  const found = await parts.state.list<Alert>('alert', { prefix: idOrPrefix, limit: 2 });
  const alert = found[0]?.value;
  if (!alert || found.length > 1 || idOrPrefix.length < 8) {
    const message =
      found.length > 1 ? `More than one alert begins with '${idOrPrefix}'.` : `There is no alert '${idOrPrefix}'.`;
    throw new MargayError('API_ALERT_UNKNOWN', message, { hint: "List them with 'margay alerts'." });
  }
  const [evidence, deliveries] = await Promise.all([evidenceOf(parts, alert), parts.delivery.reportsOf(alert.alertId)]);
  return { alert, evidence, deliveries };
}

async function evidenceOf(parts: RuntimeParts, alert: Alert): Promise<readonly AlertEvidence[]> {
  const sql = `SELECT p_event_time, p_rule_title, p_alert_context, p_event FROM rule_matches
    WHERE p_alert_id = ${quoteText(alert.alertId)} ORDER BY p_event_time, p_match_id LIMIT ${evidenceCount}`;
  const { rows } = await parts.lake.query(sql, [ruleMatchesTable], limits);
  return rows.map((row) => ({
    eventTimeMs: Date.parse(String(row.p_event_time)),
    title: String(row.p_rule_title),
    context: (row.p_alert_context ?? {}) as AlertEvidence['context'],
    event: (row.p_event ?? {}) as AlertEvidence['event'],
  }));
}
