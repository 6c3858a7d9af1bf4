import { isDecimal } from '../evaluate/compare-numbers.ts';
import { type Modifier, mapValues, refuseType } from './modifier.ts';

/** `gt`, `gte`, `lt`, `lte`: numbers, and texts that spell one. */
export const comparison: readonly Modifier[] = (['gt', 'gte', 'lt', 'lte'] as const).map((name) => ({
  name,
  follows: [],
  apply: (draft) =>
    mapValues(draft, (value) => {
      if (value.kind === 'number') return { kind: 'test', place: value.place, test: { op: name, value: value.value } };
      if (value.kind === 'text' && isDecimal(value.text))
        return { kind: 'test', place: value.place, test: { op: name, value: value.text } };
      return refuseType(value, name, 'a number');
    }),
}));
