import type { Policy } from './policy.ts';

/** What is removed here and added there with the same logic is a rename, and its history would end. */
export const renameWithoutAlias: Policy = {
  code: 'PLAN_RENAME_WITHOUT_ALIAS',
  severity: 'error',
  breaking: true,
  check: ({ before, after, items }) => {
    const added = items.filter(({ kind, change }) => kind === 'detection' && change === 'added');
    const removed = items.filter(({ kind, change }) => kind === 'detection' && change === 'removed');
    const versionsOf = (detections: readonly { id: string; version: string }[]): ReadonlyMap<string, string> =>
      new Map(detections.map(({ id, version }) => [id, version]));
    const [old, fresh] = [versionsOf(before?.detections ?? []), versionsOf(after.detections)];
    return removed.flatMap(({ id }) => {
      const heir = added.find((item) => fresh.get(item.id) === old.get(id));
      if (!heir) return [];
      const message = `'${heir.id}' has the logic of '${id}', which is removed; its matches and alerts would begin anew.`;
      return [{ item: heir, message, hint: `Add \`aliases: [${id}]\` to '${heir.id}'.` }];
    });
  },
};
