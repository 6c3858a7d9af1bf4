import type { ContentIndex } from '../content-index.ts';
import type { DetectionDraft } from './draft-detection.ts';

/** An alias leads to one detection: no two have the same, and none is an id in use. */
export function checkAliases(
  drafts: readonly DetectionDraft[],
  { detectionIds }: Pick<ContentIndex, 'detectionIds'>,
): void {
  const owners = new Map<string, string>();
  for (const { id, data, report } of drafts) {
    for (const [position, alias] of data.aliases.entries()) {
      const owner = detectionIds.has(alias) ? alias : owners.get(alias);
      if (owner === undefined) owners.set(alias, id);
      else {
        const twice = alias === id ? 'is the id of this detection itself' : 'stands here twice';
        const message = `'${alias}' ${owner === id ? twice : `already leads to the detection '${owner}'`}.`;
        report.add('COMPILE_ALIAS_CLASH', ['aliases', position], message, {
          hint: 'An alias is the id that this file had before it was renamed.',
        });
      }
    }
  }
}
