import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compileCondition, printCondition } from '../../../framework/match/index.ts';
import { EventSql } from './load-events.ts';
import { randomCondition } from './random-condition.ts';
import { eventsOf, randomLogType, randomRecord } from './random-log-type.ts';

const numRuns = Number(process.env.MARGAY_TEST_RUNS ?? 1_000);

let sql: EventSql;
beforeAll(async () => {
  sql = await EventSql.open();
});
afterAll(() => sql.close());

const randomCase = randomLogType.chain((logType) =>
  fc.record({
    logType: fc.constant(logType),
    records: fc.array(randomRecord(logType), { minLength: 4, maxLength: 16 }),
    conditions: fc.array(randomCondition(logType), { minLength: 4, maxLength: 12 }),
  }),
);

test('SQL finds the events that the stream matches', { timeout: 100_000 + numRuns * 400 }, async () => {
  let compared = 0;
  let matched = 0;
  let inexact = 0;
  await fc.assert(
    fc.asyncProperty(randomCase, async ({ logType, records, conditions }) => {
      const events = eventsOf(records, logType);
      if (events.length === 0) return;
      await sql.load(events, logType);
      const printed = conditions.map((condition) => printCondition(condition, logType));
      const found = await sql.evaluate(
        printed.map((condition) => condition.sql),
        logType,
      );
      for (const [i, condition] of conditions.entries()) {
        const matches = compileCondition(condition);
        const { sql: text, isExact } = printed[i] as (typeof printed)[number];
        if (!isExact) inexact++;
        for (const event of events) {
          const inStream = matches(event);
          const inSql = found.get(event.p_row_id)?.[i];
          compared++;
          if (inStream) matched++;
          const agree = isExact ? inSql === inStream : inSql === true || (inSql === false && !inStream);
          if (!agree) {
            expect.fail(
              `stream ${inStream}, SQL ${inSql}, exact ${isExact}\n${JSON.stringify(condition)}\n${JSON.stringify(event)}\n${JSON.stringify(logType.fields)}\n${text.slice(0, 3000)}`,
            );
          }
        }
      }
    }),
    { numRuns },
  );
  // A property that holds because nothing matches would prove nothing.
  expect(matched).toBeGreaterThan(compared / 50);
  expect(inexact).toBeLessThan(numRuns);
});
