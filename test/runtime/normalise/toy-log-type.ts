import type { BatchRecord } from '../../../framework/model/log-record.ts';
import type { LogType } from '../../../framework/model/log-type.ts';

/** A log type with one field of each type. */
export const toy: LogType = {
  name: 'Toy.Log',
  table: 'toy_log',
  description: '',
  reference: '',
  logsources: [],
  eventTime: 'time',
  eventId: 'id',
  records: 'Records',
  fields: {
    time: { type: 'timestamp' },
    id: { type: 'string' },
    text: { type: 'string' },
    count: { type: 'bigint' },
    ratio: { type: 'double' },
    flag: { type: 'boolean' },
    inner: { type: 'object', fields: { n: { type: 'bigint' } } },
    list: { type: 'array', items: { type: 'object', fields: { n: { type: 'bigint' } } } },
    free: { type: 'json' },
    ip: { type: 'string', indicators: ['ip'] },
    email: { type: 'string', indicators: ['email', 'username'] },
    domain: { type: 'string', indicators: ['domain'] },
    hash: { type: 'string', indicators: ['md5', 'sha1', 'sha256'] },
    aws: { type: 'array', items: { type: 'string', indicators: ['aws_arn', 'aws_account_id', 'aws_instance_id'] } },
  },
  model: { actor_user: ['email', 'id'], source_ip: 'ip', destination_port: 'count' },
};

/** When the batches of these tests came in. */
export const receivedAtMs = Date.UTC(2026, 2, 2, 10);

/** A batch with this body. */
export function batchOf(body: string | Uint8Array, key = 'batch-1'): BatchRecord {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return { kind: 'batch', key, logType: 'Toy.Log', source: 'toy', receivedAtMs, body: bytes };
}

/** A record with a time, as JSON. */
export function record(fields: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ time: '2026-03-02T09:00:00Z', ...fields });
}
