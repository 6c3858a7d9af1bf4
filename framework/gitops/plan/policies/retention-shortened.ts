import { formatDuration } from '../../../model/duration.ts';
import type { Policy, PolicyMatch } from './policy.ts';

/** What is deleted does not come back. */
export const retentionShortened: Policy = {
  code: 'PLAN_RETENTION_SHORTENED',
  severity: 'warning',
  breaking: true,
  check: ({ before, after, items, logTypes }) => {
    const ofLogTypes = logTypes.flatMap(({ item, before: old, after: now }) =>
      shortened(item, `Events of '${item.id}'`, old.retentionMs, now.retentionMs),
    );
    const setting = items.find(({ kind }) => kind === 'setting');
    if (!setting) return ofLogTypes;
    const ofTables = Object.entries(after.retention).flatMap(([table, keptMs]) =>
      shortened(setting, `Rows of ${table}`, before?.retention[table], keptMs),
    );
    return [...ofLogTypes, ...ofTables];
  },
};

function shortened(
  item: PolicyMatch['item'],
  what: string,
  beforeMs: number | undefined,
  afterMs: number | undefined,
): readonly PolicyMatch[] {
  if (afterMs === undefined || afterMs >= (beforeMs ?? Number.POSITIVE_INFINITY)) return [];
  const kept = beforeMs === undefined ? 'for ever' : formatDuration(beforeMs);
  const message = `${what} are kept ${kept} today, then ${formatDuration(afterMs)}; older ones are deleted.`;
  return [{ item, message, hint: 'Take a backup first if somebody may ask for them: `margay backup`.' }];
}
