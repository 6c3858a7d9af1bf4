import { type Modifier, mapValues, refuseType } from './modifier.ts';

/** `exists`: whether the field is there, even as null. */
export const presence: readonly Modifier[] = [
  {
    name: 'exists',
    follows: [],
    apply: (draft) =>
      mapValues(draft, (value) => {
        if (value.kind !== 'boolean') return refuseType(value, 'exists', 'true or false');
        if (draft.field === '') {
          draft.place.report('MATCH_MODIFIER_COMBINATION', "'exists' needs a field.", {
            hint: "Write 'field|exists'.",
            about: 'key',
          });
          return undefined;
        }
        return { kind: 'test', place: value.place, test: { op: 'exists', value: value.value } };
      }),
  },
];
