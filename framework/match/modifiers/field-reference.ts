import { MargayError } from '../../model/margay-error.ts';
import { parsePath } from '../../model/path.ts';
import { type Modifier, mapValues, refuseType } from './modifier.ts';

/** `fieldref`: the value of another field of the event. False where either is missing. */
export const fieldReference: readonly Modifier[] = [
  {
    name: 'fieldref',
    follows: [],
    apply: (draft) =>
      mapValues(draft, (value) => {
        if (value.kind !== 'text') return refuseType(value, 'fieldref', 'the name of a field');
        if (draft.field === '') {
          draft.place.report('MATCH_MODIFIER_COMBINATION', "'fieldref' needs a field to compare.", {
            hint: "Write 'field|fieldref'.",
            about: 'key',
          });
          return undefined;
        }
        try {
          parsePath(value.text);
        } catch (error) {
          if (!(error instanceof MargayError)) throw error;
          value.place.report('MATCH_FIELD_INVALID', error.message, { hint: error.hint });
          return undefined;
        }
        return {
          kind: 'test',
          place: value.place,
          test: { op: 'fieldref', field: value.text, how: 'equals', cased: draft.cased },
        };
      }),
  },
];
