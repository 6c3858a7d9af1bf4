import { z } from 'zod';
import { type CommonField, commonFields } from '../../model/common-fields.ts';
import { type IndicatorKind, indicatorFields } from '../../model/indicators.ts';
import type { LogField } from '../../model/log-type.ts';
import { logTypeSettings } from './log-type-settings.ts';
import { fieldPath, text } from './scalars.ts';

const fieldTypes = ['string', 'bigint', 'double', 'boolean', 'timestamp', 'object', 'array', 'json'] as const;

const logField: z.ZodType<LogField> = z.strictObject({
  type: z.enum(fieldTypes),
  description: text.optional(),
  get fields() {
    return z.record(z.string(), logField).optional();
  },
  get items() {
    return logField.optional();
  },
  indicators: z.array(z.enum(Object.keys(indicatorFields) as IndicatorKind[])).optional(),
});

/** `log-types/**\/*.yml`: the schema of one kind of log. The table's name is derived from `logType`. */
export const logTypeSchema = z.strictObject({
  logType: z
    .string()
    .regex(/^[A-Z][A-Za-z0-9]*(\.[A-Z][A-Za-z0-9]*)+$/, "a vendor and a log joined by a dot, such as 'Okta.SystemLog'"),
  description: text,
  reference: z
    .string()
    .regex(/^https?:\/\//, "the address of the vendor's documentation")
    .optional(),
  logsources: z
    .array(z.strictObject({ product: text.optional(), category: text.optional(), service: text.optional() }))
    .default([]),
  eventTime: fieldPath,
  eventId: fieldPath.optional(),
  records: fieldPath.optional(),
  fields: z.record(z.string(), logField),
  ...logTypeSettings,
  model: z
    .partialRecord(
      z.enum(Object.keys(commonFields) as CommonField[]),
      z.union([fieldPath, z.array(fieldPath)], { error: 'a field path or a list of them' }),
    )
    .default({}),
});

/** Stand-ins for required keys, so that the rest of a flawed file is checked too. No bundle ever holds them. */
export const logTypeStandIns = { description: 'None.', eventTime: 'p_parse_time' };

/** What a log type's file says. */
export type LogTypeContent = z.infer<typeof logTypeSchema>;
