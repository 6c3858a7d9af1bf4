import type { Table } from '../../model/table.ts';

/**
 * Which alert a match belongs to, for matches that were recorded before their alert existed. Internal: SQL sees
 * it as `rule_matches.p_alert_id`.
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
