import { canonicalJson } from '../../../model/canonical-json.ts';
import { formatDuration } from '../../../model/duration.ts';
import type { Schedule } from '../../../model/scheduled-query.ts';
import type { Policy } from './policy.ts';

/** A query that runs at other times finds things later. Whether its windows leave gaps, the compiler checks. */
export const scheduleChanged: Policy = {
  code: 'PLAN_SCHEDULE_CHANGED',
  severity: 'info',
  breaking: false,
  check: ({ queries }) =>
    queries
      .filter(({ before, after }) => canonicalJson(before.schedule) !== canonicalJson(after.schedule))
      .map(({ item, before, after }) => ({
        item,
        message: `'${item.id}' runs ${describe(before.schedule)} today, then ${describe(after.schedule)}.`,
        hint: 'What it finds is known as late as its next run.',
      })),
};

function describe(schedule: Schedule): string {
  return 'cron' in schedule ? `at '${schedule.cron}'` : `every ${formatDuration(schedule.everyMs)}`;
}
