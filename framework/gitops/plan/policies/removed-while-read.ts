import type { Policy } from './policy.ts';

/** Queries that read the matches of a detection by its id return nothing once it is gone. */
export const removedWhileRead: Policy = {
  code: 'PLAN_REMOVED_WHILE_READ',
  severity: 'error',
  breaking: true,
  check: ({ items, after }) => {
    const aliases = new Set(after.detections.flatMap((detection) => detection.aliases));
    const gone = items.filter(
      ({ kind, change, id }) => kind === 'detection' && change === 'removed' && !aliases.has(id),
    );
    return gone.flatMap(({ id }) =>
      after.queries
        .filter(({ sql }) => sql.includes(`'${id.replaceAll("'", "''")}'`))
        .map((query) => ({
          item: { kind: 'query' as const, id: query.id, where: query.where },
          message: `'${query.id}' reads the matches of '${id}', which is removed.`,
          hint: `Take '${id}' out of the query, or keep the detection; a renamed one needs \`aliases\`.`,
        })),
    );
  },
};
