import { type Modifier, mapValues, refuseCombination, refuseType } from './modifier.ts';

/** `cased`: texts are compared with case. Regular expressions are so anyway. */
export const letterCase: readonly Modifier[] = [
  {
    name: 'cased',
    apply(draft) {
      if (draft.applied.includes('re')) {
        refuseCombination(
          draft,
          'cased',
          'a regular expression has case unless |i says otherwise',
          'Leave |cased away.',
        );
      }
      const checked = mapValues(draft, (value) => {
        if (value.kind === 'text') return value;
        if (value.kind !== 'test') return refuseType(value, 'cased', 'a text');
        return value.test.op === 'fieldref' ? { ...value, test: { ...value.test, cased: true } } : value;
      });
      return { ...checked, cased: true };
    },
  },
];
