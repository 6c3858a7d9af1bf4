import type { Bundle } from '../../../model/bundle.ts';
import type { DraftItem } from './draft-item.ts';

/** The destinations, and what else `margay.config.ts` says, as a plan compares them. */
export function routingItems({ routing, retention }: Pick<Bundle, 'routing' | 'retention'>): readonly DraftItem[] {
  const destinations = routing.destinations.map(
    ({ name, type, levels, settings }): DraftItem => ({
      kind: 'destination',
      id: name,
      aliases: [],
      title: type,
      owners: [],
      aspects: { logic: {}, routing: { type, levels, settings }, meta: {} },
    }),
  );
  const settings: DraftItem = {
    kind: 'setting',
    id: 'margay.config.ts',
    aliases: [],
    title: 'Settings',
    owners: [],
    aspects: { logic: {}, routing: { default: routing.defaultDestination, retention }, meta: {} },
  };
  return [...destinations, settings];
}
