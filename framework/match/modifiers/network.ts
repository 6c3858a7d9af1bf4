import { parseCidr } from '../../model/cidr.ts';
import { MargayError } from '../../model/margay-error.ts';
import { type Modifier, mapValues, refuseType } from './modifier.ts';

/** `cidr`: addresses in a network, IPv4 or IPv6. A value that is no address is in none. */
export const network: readonly Modifier[] = [
  {
    name: 'cidr',
    follows: [],
    apply: (draft) =>
      mapValues(draft, (value) => {
        if (value.kind !== 'text') return refuseType(value, 'cidr', "a network such as '10.0.0.0/8'");
        try {
          parseCidr(value.text);
        } catch (error) {
          if (!(error instanceof MargayError)) throw error;
          value.place.report('MATCH_CIDR_INVALID', error.message, { hint: error.hint });
          return undefined;
        }
        return { kind: 'test', place: value.place, test: { op: 'cidr', network: value.text } };
      }),
  },
];
