import type { Bundle } from '../model/bundle.ts';
import type { ActivationRecord } from '../model/log-record.ts';
import type { Problem } from '../model/margay-error.ts';
import type { Changes, State } from '../model/state.ts';

/** A detection or scheduled query that a bundle no longer holds. In State space 'tombstone', by kind and id. */
export interface Tombstone {
  readonly kind: 'detection' | 'query';
  readonly id: string;
  /** Of its logic. */
  readonly version: string;
  readonly removedAtMs: number;
  /** Of the activation that removed it. */
  readonly serial: number;
  readonly by: string;
}

type Named = Pick<Tombstone, 'kind' | 'id' | 'version'>;

/** What a switch from one bundle to another leaves behind, and what it brings back; for its activation's commit. */
export function tombstoneChanges(
  before: Bundle | undefined,
  after: Bundle,
  { serial, activatedAtMs, actor }: ActivationRecord,
): Required<Pick<Changes, 'put' | 'remove'>> {
  const kept = namesOf(after);
  const gone = before ? [...namesOf(before)].filter(([key]) => !kept.has(key)) : [];
  return {
    put: gone.map(([key, { kind, id, version }]) => {
      const value: Tombstone = { kind, id, version, removedAtMs: activatedAtMs, serial, by: actor };
      return { space: 'tombstone', key, value };
    }),
    remove: [...kept.keys()].map((key) => ({ space: 'tombstone', key })),
  };
}

/**
 * What comes back under the id of something that was removed, with other logic: matches and alerts of both would share
 * their ids. The same again, as after a revert, is none.
 *
 * @param revived - Ids that may.
 */
export async function reusedIds(
  state: State,
  before: Bundle | undefined,
  after: Bundle,
  revived: readonly string[],
): Promise<readonly Problem[]> {
  const known = before ? namesOf(before) : new Map<string, Named>();
  const fresh = [...namesOf(after)].filter(([key]) => !known.has(key));
  const tombstones = await state.getMany<Tombstone>(
    'tombstone',
    fresh.map(([key]) => key),
  );
  return fresh.flatMap(([key, { kind, id, version, isAlias }]): readonly Problem[] => {
    const stone = tombstones.get(key);
    if (!stone || isAlias || stone.version === version || revived.includes(id)) return [];
    const when = `${new Date(stone.removedAtMs).toISOString()} (serial ${stone.serial}, by ${stone.by})`;
    return [
      {
        code: 'API_ID_REUSED',
        message: `The ${kind} '${id}' was removed at ${when}, and comes back with other logic.`,
        hint: `Give it another id; or say --revive ${id}, and it continues the matches and alerts of the one before.`,
        severity: 'error',
      },
    ];
  });
}

/** Every id that matches, alerts and runs may carry, earlier ones included. */
function namesOf({ detections, queries }: Bundle): ReadonlyMap<string, Named & { readonly isAlias?: true }> {
  const names = new Map<string, Named & { readonly isAlias?: true }>();
  for (const { id, aliases, version } of detections) {
    for (const alias of aliases)
      names.set(`detection/${alias}`, { kind: 'detection', id: alias, version, isAlias: true });
    names.set(`detection/${id}`, { kind: 'detection', id, version });
  }
  for (const { id, version } of queries) names.set(`query/${id}`, { kind: 'query', id, version });
  return names;
}
