import { openPattern } from '../parse/parse-pattern.ts';
import { type Modifier, mapValues, refuseCombination, refuseType } from './modifier.ts';

const names = ['contains', 'startswith', 'endswith'] as const;

/**
 * `contains`, `startswith`, `endswith`: the text with `*` on the open sides. Wildcards in the text stay
 * active. Behind `fieldref` they say how the two fields are compared.
 */
export const textPosition: readonly Modifier[] = names.map((name) => ({
  name,
  apply(draft) {
    if (draft.applied.includes('re')) {
      refuseCombination(
        draft,
        name,
        'a regular expression is searched for anywhere',
        'Leave it away, or write ^ and $.',
      );
    } else if (draft.applied.some((before) => (names as readonly string[]).includes(before))) {
      refuseCombination(
        draft,
        name,
        'one of contains, startswith, endswith is enough',
        'Write the wildcards into the value.',
      );
    }
    return mapValues(draft, (value) => {
      if (value.kind === 'text') {
        return {
          ...value,
          parts: openPattern(value.parts, { before: name !== 'startswith', after: name !== 'endswith' }),
        };
      }
      if (value.kind !== 'test')
        return refuseType(value, name, 'a text', value.kind === 'null' ? undefined : 'Put it in quotes.');
      return value.test.op === 'fieldref' ? { ...value, test: { ...value.test, how: name } } : value;
    });
  },
}));
