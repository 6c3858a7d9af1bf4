import { isAtLeast } from '../../../model/level.ts';
import { resolveDestinations } from '../../../model/resolve-destinations.ts';
import type { Policy } from './policy.ts';

/** A lower level may fall below what a destination takes. */
export const levelLowered: Policy = {
  code: 'PLAN_LEVEL_LOWERED',
  severity: 'warning',
  breaking: false,
  check: ({ detections, after: bundle }) =>
    detections
      .filter(({ before, after }) => before.level !== after.level && isAtLeast(before.level, after.level))
      .map(({ item, before, after }) => {
        const reached = (level: typeof before.level): readonly string[] =>
          resolveDestinations(after.destinations, level, bundle.routing).names;
        const lost = reached(before.level).filter((name) => !reached(after.level).includes(name));
        const effect = lost.length > 0 ? `; ${lost.map((name) => `'${name}'`).join(', ')} will not get its alerts` : '';
        return {
          item,
          message: `'${item.id}' goes from ${before.level} to ${after.level}${effect}.`,
          hint: 'Make sure that those who are paged today agree.',
        };
      }),
};
