import type { Modifier } from './modifier.ts';

/** `all`: every value of the list must match. On an array field each may be matched by another element. */
export const linking: readonly Modifier[] = [
  {
    name: 'all',
    apply(draft) {
      if (draft.values.length === 1) {
        draft.place.report('MATCH_MODIFIER_NO_EFFECT', "'all' has no effect on a single value.", {
          hint: "List several values, or leave '|all' away.",
          about: 'key',
          severity: 'finding',
        });
      }
      return { ...draft, needsAll: true };
    },
  },
];
