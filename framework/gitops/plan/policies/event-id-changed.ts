import type { Policy } from './policy.ts';

/** The id of an event is what keeps it from being counted twice. */
export const eventIdChanged: Policy = {
  code: 'PLAN_EVENT_ID_CHANGED',
  severity: 'warning',
  breaking: true,
  check: ({ logTypes }) =>
    logTypes
      .filter(({ before, after }) => before.eventId !== after.eventId)
      .map(({ item, before, after }) => ({
        item,
        message: `Records of '${item.id}' were told apart by ${before.eventId ?? 'their batch'}, then by ${after.eventId ?? 'their batch'}.`,
        hint: 'A record that its vendor sends on both sides of the switch counts twice.',
      })),
};
