import type { Bundle } from '../../../framework/model/bundle.ts';
import type { Detection } from '../../../framework/model/detection.ts';
import type { BatchRecord } from '../../../framework/model/log-record.ts';
import type { LogType } from '../../../framework/model/log-type.ts';

/** What tests vary of a bundle. */
export interface SampleContent {
  readonly detections: readonly Detection[];
  /** The text of an object: detection id → functions. */
  readonly code?: string;
}

/** Its log type. */
export const logType: LogType = {
  name: 'Test.Log',
  table: 'test_log',
  description: 'Logs for tests.',
  reference: 'https://example.com/logs',
  logsources: [],
  eventTime: 'time',
  eventId: 'uuid',
  fields: {
    uuid: { type: 'string' },
    time: { type: 'timestamp' },
    user: { type: 'string', indicators: ['username'] },
    ip: { type: 'string', indicators: ['ip'] },
    text: { type: 'json' },
    n: { type: 'json' },
    nested: { type: 'json' },
  },
  model: {},
};

/** A bundle made by hand. */
export function sampleBundle({ detections, code }: SampleContent): Bundle {
  return {
    format: 1,
    margay: '0.0.0',
    logTypes: [logType],
    detections,
    queries: [],
    routing: { destinations: [] },
    lookups: [],
    retention: {},
    code: code === undefined ? '' : `(${code})`,
  };
}

/** A detection that matches every event, unless told otherwise. */
export function sampleDetection(changes: Partial<Detection> = {}): Detection {
  const id = changes.id ?? 'test/sample';
  return {
    id,
    firstId: id,
    aliases: [],
    title: 'Sample',
    description: 'The description.',
    level: 'medium',
    mode: 'live',
    tags: [],
    references: ['https://example.com/yaml'],
    falsePositives: [],
    owners: [],
    runbook: 'The runbook.',
    source: { kind: 'events', logTypes: ['Test.Log'] },
    functions: [],
    dedup: { by: ['user'], periodMs: 3_600_000 },
    threshold: 1,
    context: {},
    alert: true,
    renotify: [],
    tests: [],
    version: 'sha256:1',
    where: { file: `detections/${id}.yml`, line: 1, col: 1 },
    ...changes,
  };
}

/** A record of the test log type. */
export function sampleRecord(index: number, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    uuid: `event-${index}`,
    time: new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString(),
    user: `user-${index}@example.com`,
    ...changes,
  };
}

/** Records as a batch of NDJSON. */
export function sampleBatch(records: readonly unknown[], key = 'batch-1'): BatchRecord {
  return {
    kind: 'batch',
    key,
    logType: 'Test.Log',
    source: 'test',
    receivedAtMs: Date.UTC(2026, 0, 2),
    body: Buffer.from(records.map((record) => JSON.stringify(record)).join('\n')),
  };
}

/** So many records, as a batch. */
export function sampleRecords(count: number): readonly Record<string, unknown>[] {
  return Array.from({ length: count }, (_, index) => sampleRecord(index));
}
