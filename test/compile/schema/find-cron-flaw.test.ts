import { expect, it } from 'vitest';
import { findCronFlaw } from '../../../framework/compile/schema/find-cron-flaw.ts';

it.each(['* * * * *', '15 6 * * 1-5', '*/10 0-6/2 1,15 jan-mar MON', '0 0 31 12 7'])("'%s' is a cron expression", (expression) => {
  expect(findCronFlaw(expression)).toBeUndefined();
});

it.each([
  ['* * * *', 'it has 4 fields, not 5'],
  ['0 0 * * * *', 'it has 6 fields, not 5'],
  ['60 * * * *', "'60' is no minute (0 to 59)"],
  ['* * 0 * *', "'0' is no day of month (1 to 31)"],
  ['* * * * funday', "'funday' is no day of week (0 to 7)"],
  ['*/0 * * * *', "'*/0' has a step of 0"],
  ['5-1 * * * *', "'5-1' runs backwards"],
  ['*-5 * * * *', "'*-5' is no minute"],
  ['@daily * * * *', "'@daily' is no minute"],
])("'%s' is none: %s", (expression, expected) => {
  expect(findCronFlaw(expression)).toBe(expected);
});
