import { canonicalJson } from '../../../model/canonical-json.ts';
import type { Lookup } from '../../../model/lookup.ts';
import { sha256Digest } from '../../../model/stable-id.ts';
import type { DraftItem } from './draft-item.ts';

/** A lookup as a plan compares it. Its rows decide what queries find; a plan shows how many there are, not what they say. */
export function lookupItem({ id, description, key, columns, rows }: Lookup): DraftItem {
  return {
    kind: 'lookup',
    id,
    aliases: [],
    title: description,
    owners: [],
    aspects: {
      logic: {
        key,
        columns: Object.fromEntries(columns.map(({ name, type }) => [name, type])),
        rowCount: rows.length,
        rows: sha256Digest(canonicalJson(rows)),
      },
      routing: {},
      meta: { description },
    },
  };
}
