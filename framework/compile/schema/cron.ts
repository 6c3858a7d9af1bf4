import { Cron } from 'croner';
import { z } from 'zod';

/** Any moment: whether an expression ever comes does not depend on it. */
const start = new Date(Date.UTC(2026, 0, 1));

/** A cron expression of five fields, in UTC, that comes at least once. */
export const cron = z
  .string({ error: "a cron expression in quotes, such as '15 6 * * 1-5'" })
  .check(({ value, issues }) => {
    const flaw = findFlaw(value);
    if (flaw === undefined) return;
    const params = {
      hint: "Write five fields, in UTC: minute, hour, day of month, month, day of week, such as '15 6 * * 1-5'.",
    };
    issues.push({ code: 'custom', message: `'${value}' is not a cron expression: ${flaw}.`, input: value, params });
  });

function findFlaw(expression: string): string | undefined {
  const count = expression.trim().split(/\s+/).length;
  if (count !== 5) return `it has ${expression.trim() === '' ? 'no' : count} field${count === 1 ? '' : 's'}`;
  try {
    const next = new Cron(expression, { paused: true, mode: '5-part', timezone: 'UTC' }).nextRun(start);
    return next === null ? 'no such day ever comes' : undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return reason.replace(/^CronPattern: /, '').replace(/\.$/, '');
  }
}
