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
        const message =
          owner === id
            ? `'${alias}' is this detection's own id, or its alias already.`
            : `'${alias}' already leads to the detection '${owner}'.`;
        report.add('COMPILE_ALIAS_CLASH', ['aliases', position], message, {
          hint: 'An alias is the id that this file had before it was renamed.',
        });
      }
    }
  }
}
