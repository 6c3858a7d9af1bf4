import { coveredTechniques } from '../coverage.ts';
import type { Policy } from './policy.ts';

/** A technique that no live detection is tagged with any more. */
export const coverageLost: Policy = {
  code: 'PLAN_COVERAGE_LOST',
  severity: 'warning',
  breaking: false,
  check: ({ before, coverage, items }) => {
    if (!before) return [];
    return coverage.lost.map((technique) => {
      const holder = before.detections.find((detection) =>
        coveredTechniques({ ...before, detections: [detection] }).includes(technique),
      );
      const id = holder?.id ?? technique;
      const item = items.find((it) => it.kind === 'detection' && (it.previousId ?? it.id) === id);
      return {
        item: item ?? { kind: 'detection' as const, id },
        message: `${technique} loses its last live detection, '${id}'.`,
        hint: 'Say what covers it now, or that it is given up.',
      };
    });
  },
};
