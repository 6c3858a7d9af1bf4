import type { Bundle } from '../model/bundle.ts';

/** Table → how long its rows are kept, as a bundle says. Tables that are not named are kept for ever. */
export function retentionOf({
  logTypes,
  retention,
}: Pick<Bundle, 'logTypes' | 'retention'>): ReadonlyMap<string, number> {
  const ofLogTypes = logTypes.flatMap(({ table, retentionMs }) =>
    retentionMs === undefined ? [] : [[table, retentionMs] as const],
  );
  return new Map([...ofLogTypes, ...Object.entries(retention)]);
}
