import type { Policy } from './policy.ts';

/** A change of what is found that no test shows. */
export const logicWithoutTest: Policy = {
  code: 'PLAN_LOGIC_WITHOUT_TEST',
  severity: 'warning',
  breaking: false,
  check: ({ detections, queries }) =>
    [...detections, ...queries]
      .filter(({ item }) => item.aspects.includes('logic') && !item.fields.some(({ field }) => /^tests\b/.test(field)))
      .map(({ item }) => ({
        item,
        message: `The logic of '${item.id}' is changed, and its tests are not.`,
        hint: 'Add the event that made you change it as a test.',
      })),
};
