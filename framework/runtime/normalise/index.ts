export { indicatorForm } from './collect-indicators.ts';
export { eventRow } from './event-row.ts';
export { hasTooManyRecords } from './has-too-many-records.ts';
export { maxRecordBytes } from './limits.ts';
export { eventsOf, type NormalisedBatch, normaliseBatch } from './normalise-batch.ts';
export { retimeRecord } from './retime-record.ts';
export { rowEvent } from './row-event.ts';
