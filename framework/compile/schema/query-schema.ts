import { z } from 'zod';
import { cron } from './cron.ts';
import { duration, text, textList } from './scalars.ts';

const minute = 60_000;

const every = duration.refine((everyMs) => everyMs >= 1_000, 'An interval is at least one second.');

const schedule = z.strictObject({ cron: cron.optional(), every: every.optional() }).check((context) => {
  if ((context.value.cron === undefined) !== (context.value.every === undefined)) return;
  const params = { hint: "Write 'every: 1h' or \"cron: '0 * * * *'\"." };
  context.issues.push({
    code: 'custom',
    message: 'A schedule has either an interval or a cron expression.',
    input: context.value,
    params,
  });
});

/** `scheduled-queries/**\/*.yml`: SQL on a schedule. Tests have their own schemas. */
export const querySchema = z.strictObject({
  title: text,
  description: text.optional(),
  query: z.string().regex(/\S/, 'one SELECT statement'),
  schedule,
  /** How far back the SQL reads: the largest window of its `p_occurs_since`, for people and checks. */
  lookback: duration.optional(),
  /** It executes this long after its scheduled time, so that late events are in. @defaultValue 1m */
  settle: duration.default(minute),
  /** What is run of what was missed while the runtime was down. @defaultValue all: nothing goes unseen */
  catchUp: z.enum(['all', 'latest']).default('all'),
  /** @defaultValue 2m */
  timeout: duration.default(2 * minute),
  /** @defaultValue 1000 */
  maxRows: z.number().int().min(1).max(100_000).default(1_000),
  owners: textList.default([]),
  tests: z.array(z.unknown()).default([]),
});

/** Stand-ins for required keys, so that the rest of a flawed file is checked too. No bundle ever holds them. */
export const queryStandIns = { title: 'Untitled', schedule: { every: '1h' } };

/** What a scheduled query's file says. */
export type QueryContent = z.infer<typeof querySchema>;
