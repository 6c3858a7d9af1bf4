import type { Detection } from '../../../model/detection.ts';
import { type DraftItem, testsWithoutPlaces } from './draft-item.ts';

/** A detection as a plan compares it. Its code is in the version, with everything that it imports. */
export function detectionItem(detection: Detection): DraftItem {
  const { id, aliases, title, owners, where } = detection;
  return {
    kind: 'detection',
    id,
    aliases,
    title,
    owners,
    where,
    aspects: {
      logic: {
        version: detection.version,
        source: detection.source,
        condition: detection.condition,
        functions: detection.functions,
        context: detection.context,
      },
      routing: {
        mode: detection.mode,
        rollout: detection.rollout,
        level: detection.level,
        alert: detection.alert,
        dedup: detection.dedup,
        threshold: detection.threshold,
        unique: detection.unique,
        destinations: detection.destinations,
        renotify: detection.renotify,
      },
      meta: {
        title,
        alertTitle: detection.alertTitle,
        description: detection.description,
        status: detection.status,
        sigmaId: detection.sigmaId,
        tags: detection.tags,
        references: detection.references,
        falsePositives: detection.falsePositives,
        owners,
        runbook: detection.runbook,
        aliases,
        tests: testsWithoutPlaces(detection.tests),
      },
    },
  };
}
