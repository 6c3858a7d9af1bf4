import { z } from 'zod';
import { levels } from '../../model/level.ts';
import { duration, fieldPath, fixtureOrRecord, instant, offsetFromNow, text } from './scalars.ts';

const patch = {
  /** Path → value, put into the record. */
  with: z.record(z.string(), z.unknown()).optional(),
  /** Paths taken out of it. */
  without: z.array(fieldPath).optional(),
  /** Needed where the log type cannot be told. */
  logType: text.optional(),
};

/** One record through one detection. */
export const eventTestSchema = z.strictObject({
  name: text,
  log: fixtureOrRecord,
  ...patch,
  expect: z.strictObject({
    match: z.boolean(),
    title: z.string().optional(),
    level: z.enum(levels).optional(),
    dedup: z.string().optional(),
    description: z.string().optional(),
    runbook: z.string().optional(),
    destinations: z.array(text).optional(),
    context: z.record(z.string(), z.unknown()).optional(),
    unique: z.string().optional(),
  }),
});

const rowSet = z.array(z.record(z.string(), z.unknown())).optional();

const timelineExpectation = z.strictObject({ matches: rowSet, rows: rowSet, alerts: rowSet }).check((context) => {
  if (Object.keys(context.value).length > 0) return;
  context.issues.push({
    code: 'custom',
    message: "An expectation names 'matches', 'rows' or 'alerts'.",
    input: context.value,
  });
});

/** Records over time through the whole chain. Steps have their own schemas. */
export const timelineTestSchema = z.strictObject({
  name: text,
  /** Time zero. @defaultValue '2026-01-15T12:00:00Z' */
  now: instant.default('2026-01-15T12:00:00.000Z'),
  logType: text.optional(),
  /** When the query runs: at expectations, or by its schedule. @defaultValue expected */
  runs: z.enum(['expected', 'scheduled']).default('expected'),
  steps: z.array(z.unknown()).min(1),
  /** What holds at time zero, or after the last step when that is later. */
  expect: timelineExpectation.optional(),
});

/** Something happens. */
export const logStepSchema = z.strictObject({
  at: offsetFromNow,
  log: fixtureOrRecord,
  ...patch,
  times: z.number().int().min(1).max(10_000).default(1),
  every: duration.default(0),
  /** The vendor's redelivery: event id and time stay the same. */
  sameEvent: z.boolean().default(false),
});

/** Something is expected at a time. */
export const expectStepSchema = z.strictObject({ at: offsetFromNow, expect: timelineExpectation });
