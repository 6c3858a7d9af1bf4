import type { Policy } from './policy.ts';

/** Alerts that were delivered there go elsewhere, or nowhere. */
export const destinationRemoved: Policy = {
  code: 'PLAN_DESTINATION_REMOVED',
  severity: 'warning',
  breaking: true,
  check: ({ items, after }) =>
    items
      .filter(({ kind, change }) => kind === 'destination' && change === 'removed')
      .map((item) => {
        const naming = after.detections.filter(({ destinations }) => destinations?.includes(item.id)).length;
        const named = naming > 0 ? ` ${naming} detections name it; their alerts go to the default.` : '';
        return {
          item,
          message: `The destination '${item.id}' is removed.${named}`,
          hint: 'Deliveries that still wait for it end as dead letters.',
        };
      }),
};
