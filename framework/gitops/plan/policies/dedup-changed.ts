import { canonicalJson } from '../../../model/canonical-json.ts';
import type { Detection } from '../../../model/detection.ts';
import { formatDuration } from '../../../model/duration.ts';
import type { Policy } from './policy.ts';

/** New matches do not join alerts that were opened under another key. */
export const dedupChanged: Policy = {
  code: 'PLAN_DEDUP_CHANGED',
  severity: 'warning',
  breaking: true,
  check: ({ detections }) =>
    detections
      .filter(({ before, after }) => canonicalJson(before.dedup) !== canonicalJson(after.dedup))
      .map(({ item, before, after }) => ({
        item,
        message: `'${item.id}' groups by ${describe(before)} today, then by ${describe(after)}; open alerts get no new matches.`,
        hint: 'Expect one more alert for each key that is open when this goes live.',
      })),
};

function describe({ dedup }: Detection): string {
  const key = dedup.by.length === 0 ? 'id alone' : dedup.by.join(' + ');
  return `${key} over ${formatDuration(dedup.periodMs)}`;
}
