import type { Policy } from './policy.ts';

/** Ids of matches and alerts are made of events on one side and of rows on the other. */
export const sourceKindChanged: Policy = {
  code: 'PLAN_SOURCE_KIND_CHANGED',
  severity: 'error',
  breaking: true,
  check: ({ detections }) =>
    detections
      .filter(({ before, after }) => before.source.kind !== after.source.kind)
      .map(({ item, before, after }) => ({
        item,
        message: `'${item.id}' read ${describe(before.source.kind)} and now reads ${describe(after.source.kind)}.`,
        hint: 'Give it another id: its earlier matches and open alerts are of another kind.',
      })),
};

function describe(kind: 'events' | 'query'): string {
  return kind === 'events' ? 'events' : 'the rows of a query';
}
