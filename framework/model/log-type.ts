import type { CommonField } from './common-fields.ts';
import type { IndicatorKind } from './indicators.ts';

/** The type of a log field. `json` is free-form and read by path. */
export type FieldType = 'string' | 'bigint' | 'double' | 'boolean' | 'timestamp' | 'object' | 'array' | 'json';

/** One field of a log type. */
export interface LogField {
  readonly type: FieldType;
  readonly description?: string | undefined;
  /** The fields of an `object`. */
  readonly fields?: Readonly<Record<string, LogField>> | undefined;
  /** The elements of an `array`. */
  readonly items?: LogField | undefined;
  /** Which `p_any_*` sets the value joins. */
  readonly indicators?: readonly IndicatorKind[] | undefined;
}

/** The schema of one kind of log. */
export interface LogType {
  /** `Okta.SystemLog`. */
  readonly name: string;
  /** The SQL table of its events: `okta_systemlog`. */
  readonly table: string;
  readonly description: string;
  /** The vendor's documentation of the fields, where there is a vendor. */
  readonly reference?: string | undefined;
  /** The Sigma logsources that mean this log type: every key given must agree. */
  readonly logsources: readonly { readonly product?: string; readonly category?: string; readonly service?: string }[];
  /** Path of the event time, an RFC 3339 text or epoch number (s or ms). */
  readonly eventTime: string;
  /** Path of what makes a record unique at the vendor. */
  readonly eventId?: string | undefined;
  /** Path of the array that holds the records of an envelope: CloudTrail's `Records`. */
  readonly records?: string | undefined;
  readonly fields: Readonly<Record<string, LogField>>;
  /** How long its events are kept in the lake. @defaultValue for ever */
  readonly retentionMs?: number | undefined;
  /** How long its batches are kept as they came, so that events can be derived again. @defaultValue 30 days */
  readonly archiveMs?: number | undefined;
  /** Its source counts as silent when nothing has come for so long. @defaultValue never */
  readonly silentAfterMs?: number | undefined;
  /** Common field → path, or paths tried in order. */
  readonly model: Readonly<Partial<Record<CommonField, string | readonly string[]>>>;
}

/** The SQL table of a log type: lower snake case, dots as underscores. */
export function tableOfLogType(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]+/g, '_').toLowerCase();
}
