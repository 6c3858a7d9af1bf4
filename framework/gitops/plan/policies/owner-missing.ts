import type { Policy } from './policy.ts';

/** Somebody has to answer when it fires, and when it breaks. */
export const ownerMissing: Policy = {
  code: 'PLAN_OWNER_MISSING',
  severity: 'warning',
  breaking: false,
  check: ({ items }) =>
    items
      .filter(({ kind, change, owners }) => isOwned(kind) && change !== 'removed' && owners.length === 0)
      .map((item) => ({
        item,
        message: `'${item.id}' has no owner.`,
        hint: "Add `owners: ['@team']`; failures of it are reported there.",
      })),
};

function isOwned(kind: string): boolean {
  return kind === 'detection' || kind === 'query';
}
