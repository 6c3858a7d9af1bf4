import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowEvent } from '../../../framework/runtime/normalise/index.ts';
import { EventSql } from '../../match/print-sql/load-events.ts';
import { eventsOf, randomLogType, randomRecord } from '../../match/print-sql/random-log-type.ts';

const numRuns = Number(process.env.MARGAY_TEST_RUNS ?? 300);

let sql: EventSql;
beforeAll(async () => {
  sql = await EventSql.open();
});
afterAll(() => sql.close());

const randomCase = randomLogType.chain((logType) =>
  fc.record({
    logType: fc.constant(logType),
    records: fc.array(randomRecord(logType), { minLength: 1, maxLength: 12 }),
  }),
);

test('the lake gives back the event that the stream saw', { timeout: 100_000 + numRuns * 400 }, async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(randomCase, async ({ logType, records }) => {
      const events = eventsOf(records, logType);
      if (events.length === 0) return;
      await sql.load(events, logType);
      const rows = await sql.rows(logType);
      const back = new Map(rows.map((row) => [row.p_row_id, rowEvent(row, logType)]));
      for (const event of events) {
        // JSON has no negative zero: nothing but `Object.is` tells it from zero.
        expect(back.get(event.p_row_id)).toStrictEqual(JSON.parse(JSON.stringify(event)));
        compared++;
      }
    }),
    { numRuns },
  );
  expect(compared).toBeGreaterThan(numRuns);
});
