import { isAtLeast } from '../../../model/level.ts';
import type { Policy } from './policy.ts';

/** Who is woken up has to know what to do. */
export const runbookMissing: Policy = {
  code: 'PLAN_RUNBOOK_MISSING',
  severity: 'warning',
  breaking: false,
  check: ({ items, after }) => {
    const touched = new Map(
      items.flatMap((item) => (item.kind === 'detection' && item.change !== 'removed' ? [[item.id, item]] : [])),
    );
    return after.detections.flatMap(({ id, level, runbook, functions, alert }) => {
      const item = touched.get(id);
      if (!item || !alert || !isAtLeast(level, 'high') || runbook.trim() !== '' || functions.includes('runbook'))
        return [];
      return [
        {
          item,
          message: `'${id}' is ${level} and has no runbook.`,
          hint: 'Add `runbook:` with the first three steps.',
        },
      ];
    });
  },
};
