import { generateTypes } from '../../../framework/compile/typescript/generate-types.ts';
import type { ContextColumn, Detection, DetectionSource } from '../../../framework/model/detection.ts';
import type { LogType } from '../../../framework/model/log-type.ts';
import type { ScheduledQuery } from '../../../framework/model/scheduled-query.ts';

const where = { file: 'x.yml', line: 1, col: 1 };

const logType = (name: string, fields: LogType['fields']): LogType => ({
  name,
  table: name.toLowerCase(),
  description: `Events of ${name}.`,
  reference: 'https://example.com/docs',
  logsources: [],
  eventTime: 'time',
  fields,
  model: {},
});

const detection = (
  id: string,
  source: DetectionSource,
  context: Readonly<Record<string, ContextColumn>> = {},
): Detection => ({
  id,
  firstId: id,
  aliases: [],
  title: `Title of ${id}`,
  description: '',
  level: 'low',
  mode: 'live',
  tags: [],
  references: [],
  falsePositives: [],
  owners: [],
  runbook: '',
  source,
  functions: [],
  dedup: { by: [], periodMs: 1 },
  threshold: 1,
  context,
  alert: true,
  renotify: [],
  tests: [],
  version: '',
  where,
});

/** Two log types, a query, and detections over them. */
export const typesInput: Parameters<typeof generateTypes>[0] = {
  logTypes: [
    logType('Okta.SystemLog', {
      uuid: { type: 'string', description: 'Unique. Ends a comment: */' },
      published: { type: 'timestamp' },
      actor: {
        type: 'object',
        description: 'Who\n  did it.',
        fields: { alternateId: { type: 'string', description: 'The login name.' }, 'odd-name': { type: 'bigint' } },
      },
      target: {
        type: 'array',
        items: { type: 'object', fields: { id: { type: 'string' }, score: { type: 'double' } } },
      },
      tags: { type: 'array', items: { type: 'array', items: { type: 'boolean' } } },
      any: { type: 'array' },
      extra: { type: 'object' },
      debug: { type: 'json' },
    }),
    logType('AWS.CloudTrail', { eventName: { type: 'string' } }),
  ],
  detections: [
    detection('okta/plain', { kind: 'events', logTypes: ['Okta.SystemLog'] }),
    detection(
      'okta/context',
      { kind: 'events', logTypes: ['Okta.SystemLog'] },
      { member: { type: 'string' }, count: { type: 'bigint', from: 'n' }, raw: { type: 'json' } },
    ),
    detection('both', { kind: 'events', logTypes: ['Okta.SystemLog', 'AWS.CloudTrail'] }),
    detection('scheduled', { kind: 'query', query: 'okta/adds' }, { member: { type: 'string', from: 'member' } }),
    detection('broken', { kind: 'query', query: 'nowhere' }),
    detection('unknown', { kind: 'events', logTypes: ['No.Such'] }),
  ],
  queries: [
    {
      id: 'okta/adds',
      title: 'Adds',
      description: '',
      sql: '',
      schedule: { everyMs: 1 },
      settleMs: 0,
      timeoutMs: 1,
      maxRows: 1,
      owners: [],
      columns: [
        { name: 'member', type: 'VARCHAR' },
        { name: 'adds', type: 'BIGINT', nullable: false, description: 'How often.' },
        { name: 'last_at', type: 'TIMESTAMP', nullable: false },
        { name: 'context', type: 'JSON' },
        { name: 'who', type: 'VARCHAR[]' },
        { name: 'udm', type: 'STRUCT', fields: ['actor_user'] },
      ],
      tables: [],
      tests: [],
      version: '',
      where,
    } satisfies ScheduledQuery,
  ],
};

/** The types of {@link typesInput}. */
export const types = generateTypes(typesInput);
