import { expect, it } from 'vitest';
import { cron } from '../../../framework/compile/schema/cron.ts';

it.each(['* * * * *', '15 6 * * 1-5', '*/10 0-6/2 1,15 jan-mar MON', '0 0 L * *'])(
  "'%s' is a cron expression",
  (expression) => {
    expect(cron.safeParse(expression).success).toBe(true);
  },
);

it.each([
  ['', 'it has no field'],
  ['@daily', 'it has 1 field'],
  ['0 0 * * * *', 'it has 6 fields'],
  ['60 * * * *', 'Invalid value for minute: 60'],
  ['* * * * funday', 'configuration entry 5 (funday) contains illegal characters'],
  ['*/0 * * * *', 'Syntax error, illegal stepping: 0'],
  ['0 0 31 2 *', 'no such day ever comes'],
])("'%s' is none: %s", (expression, reason) => {
  const issues = cron.safeParse(expression).error?.issues;
  expect(issues).toEqual([
    expect.objectContaining({ message: `'${expression}' is not a cron expression: ${reason}.` }),
  ]);
});
