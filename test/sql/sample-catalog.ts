import type { ContextColumn } from '../../framework/model/detection.ts';
import type { LogType } from '../../framework/model/log-type.ts';
import { eventTable, standardTables } from '../../framework/model/standard-tables.ts';
import type { Catalog } from '../../framework/sql/index.ts';

const oktaLogType: LogType = {
  name: 'Okta.SystemLog',
  table: 'okta_systemlog',
  description: 'A sample of Okta’s system log.',
  reference: 'https://example.com/okta',
  logsources: [],
  eventTime: 'published',
  fields: {
    published: { type: 'timestamp' },
    eventType: { type: 'string' },
    severity: { type: 'string' },
    risk: { type: 'bigint' },
    actor: { type: 'object' },
    target: { type: 'array' },
  },
  model: {},
};

export const addedToBypassGroup = 'okta/mfa-bypass-group-member-added';

/** The standard tables, one event table and two detections with context. */
export const sampleCatalog: Catalog = {
  tables: [...standardTables, eventTable(oktaLogType)],
  contexts: new Map<string, Readonly<Record<string, ContextColumn>>>([
    [addedToBypassGroup, { member: { from: 'target[0].alternateId', type: 'string' } }],
    ['okta/password-spray', { sourceIp: { from: 'client.ipAddress', type: 'string' }, attempts: { type: 'bigint' } }],
  ]),
};

export const foundingQuery = `SELECT p_alert_context->>'member' AS member, count(*) AS adds, min(p_event_time) AS first_add, max(p_event_time) AS last_add
FROM rule_matches
WHERE p_rule_id = '${addedToBypassGroup}' AND p_occurs_since('30 days')
GROUP BY member
HAVING count(*) > 2
ORDER BY adds DESC, member NULLS LAST`;
