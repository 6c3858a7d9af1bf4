import type { Policy } from './policy.ts';

/** More is needed for an alert. */
export const thresholdRaised: Policy = {
  code: 'PLAN_THRESHOLD_RAISED',
  severity: 'warning',
  breaking: false,
  check: ({ detections }) =>
    detections
      .filter(({ before, after }) => after.threshold > before.threshold)
      .map(({ item, before, after }) => ({
        item,
        message: `'${item.id}' needs ${after.threshold} matches in its window for an alert, and ${before.threshold} today.`,
        hint: 'Try it over history: `margay backtest`.',
      })),
};
