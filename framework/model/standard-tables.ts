import { commonFields } from './common-fields.ts';
import { indicatorFieldNames } from './indicators.ts';
import type { LogField, LogType } from './log-type.ts';
import type { Column, SqlType, Table } from './table.ts';

const indicatorColumns: readonly Column[] = indicatorFieldNames.map((name) => ({ name, type: 'VARCHAR[]' }));

/** Every match of every detection, alerting or not. */
export const ruleMatchesTable: Table = {
  name: 'rule_matches',
  description: 'Every match of every detection, whatever happened to the alert.',
  key: 'p_match_id',
  replaces: false,
  time: 'p_event_time',
  sortBy: ['p_rule_id'],
  columns: [
    { name: 'p_rule_id', type: 'VARCHAR', description: 'The detection.', nullable: false },
    { name: 'p_rule_title', type: 'VARCHAR', description: 'The title of this match.', nullable: false },
    { name: 'p_rule_level', type: 'VARCHAR', description: 'The level of this match.', nullable: false },
    { name: 'p_rule_tags', type: 'VARCHAR[]', description: 'The tags of the detection.' },
    { name: 'p_rule_version', type: 'VARCHAR', description: 'The logic digest of the detection.' },
    { name: 'p_stage', type: 'VARCHAR', description: 'live or shadow.', nullable: false },
    { name: 'p_alert_id', type: 'VARCHAR', description: 'NULL until an alert exists.' },
    { name: 'p_dedup', type: 'VARCHAR', description: 'The dedup key.', nullable: false },
    { name: 'p_match_id', type: 'VARCHAR', nullable: false },
    { name: 'p_match_time', type: 'TIMESTAMP', description: 'When it was detected.', nullable: false },
    { name: 'p_event_time', type: 'TIMESTAMP', description: 'When it happened.', nullable: false },
    { name: 'p_log_type', type: 'VARCHAR', nullable: false },
    { name: 'p_row_id', type: 'VARCHAR', nullable: false },
    { name: 'p_alert_context', type: 'JSON', description: 'The columns that the detection declares under context.' },
    { name: 'p_event', type: 'JSON', description: 'The whole event.' },
    ...indicatorColumns,
    { name: 'p_backfilled', type: 'BOOLEAN', description: 'Written by a backfill over history.', nullable: false },
  ],
};

/** Alerts, the latest state of each. */
export const alertsTable: Table = {
  name: 'alerts',
  description: 'Alerts, the latest state of each.',
  key: 'alert_id',
  replaces: true,
  time: 'created_at',
  columns: [
    { name: 'alert_id', type: 'VARCHAR', nullable: false },
    { name: 'rule_id', type: 'VARCHAR', nullable: false },
    { name: 'title', type: 'VARCHAR', nullable: false },
    { name: 'level', type: 'VARCHAR', nullable: false },
    { name: 'dedup', type: 'VARCHAR', nullable: false },
    { name: 'status', type: 'VARCHAR', nullable: false },
    { name: 'disposition', type: 'VARCHAR' },
    { name: 'created_at', type: 'TIMESTAMP', nullable: false },
    { name: 'first_event_time', type: 'TIMESTAMP', nullable: false },
    { name: 'last_event_time', type: 'TIMESTAMP', nullable: false },
    { name: 'match_count', type: 'BIGINT', nullable: false },
    { name: 'destinations', type: 'VARCHAR[]' },
    { name: 'context', type: 'JSON' },
    { name: 'stage', type: 'VARCHAR', nullable: false },
  ],
};

/** Detection functions that failed. */
export const ruleErrorsTable: Table = {
  name: 'rule_errors',
  description: 'Detection functions that threw, returned a wrong type, or did not return.',
  key: 'error_id',
  replaces: false,
  time: 'event_time',
  columns: [
    { name: 'error_id', type: 'VARCHAR', nullable: false },
    { name: 'rule_id', type: 'VARCHAR', nullable: false },
    { name: 'rule_version', type: 'VARCHAR', nullable: false },
    { name: 'stage', type: 'VARCHAR', nullable: false },
    { name: 'function', type: 'VARCHAR', nullable: false },
    { name: 'error_class', type: 'VARCHAR', nullable: false },
    { name: 'message', type: 'VARCHAR', nullable: false },
    { name: 'p_row_id', type: 'VARCHAR', nullable: false },
    { name: 'p_log_type', type: 'VARCHAR', nullable: false },
    { name: 'event_time', type: 'TIMESTAMP', nullable: false },
    { name: 'recorded_at', type: 'TIMESTAMP', nullable: false },
  ],
};

/** Runs of scheduled queries. */
export const queryRunsTable: Table = {
  name: 'query_runs',
  description: 'Runs of scheduled queries, the latest state of each.',
  key: 'run_id',
  replaces: true,
  time: 'scheduled_at',
  columns: [
    { name: 'run_id', type: 'VARCHAR', nullable: false },
    { name: 'query_id', type: 'VARCHAR', nullable: false },
    { name: 'scheduled_at', type: 'TIMESTAMP', description: 'The SQL clock of the run.', nullable: false },
    { name: 'started_at', type: 'TIMESTAMP' },
    { name: 'finished_at', type: 'TIMESTAMP' },
    { name: 'status', type: 'VARCHAR', description: 'succeeded, failed, timed_out, skipped.', nullable: false },
    { name: 'trigger', type: 'VARCHAR', description: 'schedule or manual.', nullable: false },
    { name: 'row_count', type: 'BIGINT' },
    { name: 'truncated', type: 'BOOLEAN' },
    { name: 'rows_scanned', type: 'BIGINT', description: 'Rows of the Parquet row groups that the query read.' },
    { name: 'bytes_scanned', type: 'BIGINT', description: 'Bytes that the query read from Parquet files.' },
    { name: 'duration_ms', type: 'DOUBLE', description: 'How long the query took, from its start to its last row.' },
    { name: 'stale_sources', type: 'VARCHAR[]', description: 'Log types behind it that were silent.' },
    { name: 'error', type: 'VARCHAR' },
  ],
};

/** Records that could not become events. */
export const deadLettersTable: Table = {
  name: 'dead_letters',
  description: 'Records that could not become events, and why.',
  key: 'dead_letter_id',
  replaces: false,
  time: 'received_at',
  columns: [
    { name: 'dead_letter_id', type: 'VARCHAR', nullable: false },
    { name: 'log_type', type: 'VARCHAR', nullable: false },
    { name: 'batch_key', type: 'VARCHAR', nullable: false },
    { name: 'record_index', type: 'BIGINT', nullable: false },
    { name: 'code', type: 'VARCHAR', nullable: false },
    { name: 'reason', type: 'VARCHAR', nullable: false },
    { name: 'preview', type: 'VARCHAR' },
    { name: 'received_at', type: 'TIMESTAMP', nullable: false },
  ],
};

/** Who changed what in the runtime. */
export const auditTable: Table = {
  name: 'audit',
  description: 'Administrative actions: publishes, manual runs.',
  key: 'audit_id',
  replaces: false,
  time: 'happened_at',
  columns: [
    { name: 'audit_id', type: 'VARCHAR', nullable: false },
    { name: 'happened_at', type: 'TIMESTAMP', nullable: false },
    { name: 'actor', type: 'VARCHAR', nullable: false },
    { name: 'action', type: 'VARCHAR', nullable: false },
    { name: 'digest', type: 'VARCHAR' },
    { name: 'detail', type: 'JSON' },
  ],
};

/**
 * Which alert a match belongs to, for matches that were recorded before their alert existed. The first link of a
 * match wins. Internal, so none of {@link standardTables}: SQL sees it as `rule_matches.p_alert_id`.
 */
export const matchAlertsTable: Table = {
  name: 'match_alerts',
  description: 'The alert of a match that was recorded before it.',
  key: 'match_id',
  replaces: false,
  time: 'linked_at',
  columns: [
    { name: 'match_id', type: 'VARCHAR', nullable: false },
    { name: 'alert_id', type: 'VARCHAR', nullable: false },
    { name: 'linked_at', type: 'TIMESTAMP', description: 'Filled in by the lake.', nullable: false },
  ],
};

/** The tables that every runtime has, besides one per log type: those of {@link standardTableNames}. */
export const standardTables: readonly Table[] = [
  ruleMatchesTable,
  alertsTable,
  ruleErrorsTable,
  queryRunsTable,
  deadLettersTable,
  auditTable,
];

/** The table of a log type's events: scalars typed, objects and arrays as JSON, what the schema lacks in `p_extra`. */
export function eventTable(logType: LogType): Table {
  return {
    name: logType.table,
    description: logType.description,
    key: 'p_row_id',
    replaces: false,
    time: 'p_event_time',
    columns: [
      { name: 'p_log_type', type: 'VARCHAR', nullable: false },
      { name: 'p_event_time', type: 'TIMESTAMP', nullable: false },
      { name: 'p_parse_time', type: 'TIMESTAMP', nullable: false },
      { name: 'p_row_id', type: 'VARCHAR', nullable: false },
      { name: 'p_source', type: 'VARCHAR', nullable: false },
      ...indicatorColumns,
      { name: 'udm', type: 'STRUCT', fields: Object.keys(commonFields) },
      ...Object.entries(logType.fields).map(([name, field]) => ({
        name,
        type: sqlType(field),
        description: field.description,
      })),
      {
        name: 'p_extra',
        type: 'JSON',
        description:
          'Fields that the log type does not declare, and of declared ones what their column would not give back: null, and a time as the vendor wrote it.',
      },
    ],
  };
}

function sqlType(field: LogField): SqlType {
  switch (field.type) {
    case 'string':
      return 'VARCHAR';
    case 'bigint':
      return 'BIGINT';
    case 'double':
      return 'DOUBLE';
    case 'boolean':
      return 'BOOLEAN';
    case 'timestamp':
      return 'TIMESTAMP';
    case 'object':
    case 'array':
    case 'json':
      return 'JSON';
  }
}
