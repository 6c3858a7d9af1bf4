import type { LogType } from '../../../model/log-type.ts';
import type { DraftItem } from './draft-item.ts';

/** A log type as a plan compares it. */
export function logTypeItem(logType: LogType): DraftItem {
  return {
    kind: 'log-type',
    id: logType.name,
    aliases: [],
    title: logType.description,
    owners: [],
    aspects: {
      logic: {
        table: logType.table,
        logsources: logType.logsources,
        eventTime: logType.eventTime,
        eventId: logType.eventId,
        records: logType.records,
        fields: logType.fields,
        model: logType.model,
      },
      routing: {
        retentionMs: logType.retentionMs,
        archiveMs: logType.archiveMs,
        silentAfterMs: logType.silentAfterMs,
      },
      meta: { description: logType.description, reference: logType.reference },
    },
  };
}
