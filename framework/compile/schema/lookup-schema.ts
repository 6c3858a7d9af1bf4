import { z } from 'zod';
import { text } from './scalars.ts';

const columnTypes = ['string', 'bigint', 'double', 'boolean', 'timestamp'] as const;

/** `lookups/**\/*.yml`: a table of constant rows, which stand in the file itself or in one beside it. */
export const lookupSchema = z.strictObject({
  description: text,
  columns: z
    .record(z.string(), z.strictObject({ type: z.enum(columnTypes), description: text.optional() }))
    .refine(
      (columns) => Object.keys(columns).length > 0,
      "At least one column was expected: 'account: { type: string }'.",
    ),
  key: text,
  rows: z.array(z.record(z.string(), z.unknown())).optional(),
  /** The name of a `.csv` or `.ndjson` file in the same folder. */
  file: text.optional(),
});

/** Stand-ins for required keys, so that the rest of a flawed file is checked too. No bundle ever holds them. */
export const lookupStandIns = { description: 'None.', columns: { key: { type: 'string' } }, key: '' };

/** What a lookup's file says. */
export type LookupContent = z.infer<typeof lookupSchema>;
