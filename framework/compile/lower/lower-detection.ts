import { canonicalJson } from '../../model/canonical-json.ts';
import type { Condition } from '../../model/condition.ts';
import type { ContentTest } from '../../model/content-test.ts';
import { type Detection, type DetectionFunction, detectionFunctions } from '../../model/detection.ts';
import type { RolloutRule } from '../../model/rollout.ts';
import { sha256Digest } from '../../model/stable-id.ts';
import type { DetectionDraft } from './draft-detection.ts';

/** A match without `dedup.period` joins the alert of the hour before it. */
const defaultPeriodMs = 3_600_000;

/** Sigma's `level` is optional; what has none is worth a look. */
const defaultLevel = 'medium';

/** The detection as a bundle holds it. `undefined` when it is not known what it reads. */
export function lowerDetection(
  draft: DetectionDraft,
  condition: Condition | undefined,
  tests: readonly ContentTest[],
): Detection | undefined {
  const { data, source, id } = draft;
  if (!source) return undefined;
  const code = draft.code === 'broken' ? undefined : draft.code;
  return {
    id,
    firstId: data.aliases[0] ?? id,
    aliases: data.aliases,
    title: data.title,
    description: data.description ?? '',
    level: data.level ?? defaultLevel,
    ...(data.status === undefined ? {} : { status: data.status }),
    ...(data.id === undefined ? {} : { sigmaId: data.id.toLowerCase() }),
    mode: data.mode,
    ...(data.rollout === undefined ? {} : { rollout: lowerRollout(data.rollout) }),
    tags: data.tags ?? [],
    references: data.references ?? [],
    falsePositives: data.falsepositives ?? [],
    owners: data.owners,
    runbook: data.runbook ?? '',
    source,
    ...(condition === undefined ? {} : { condition }),
    functions: inOrder(code?.functions ?? []),
    ...(code?.reads ? { reads: code.reads } : {}),
    ...(data.alertTitle === undefined ? {} : { alertTitle: data.alertTitle }),
    dedup: { by: data.dedup?.by ?? [], periodMs: data.dedup?.period ?? defaultPeriodMs },
    threshold: data.threshold ?? 1,
    ...(data.unique === undefined ? {} : { unique: data.unique }),
    context: data.context,
    alert: data.alert,
    ...(data.destinations === undefined ? {} : { destinations: data.destinations }),
    renotify: data.renotify,
    tests,
    version: sha256Digest(canonicalJson({ source, condition, code: code?.digest })),
    where: draft.report.where([]),
  };
}

function inOrder(functions: readonly DetectionFunction[]): readonly DetectionFunction[] {
  return detectionFunctions.filter((name) => functions.includes(name));
}

function lowerRollout({ shadow, maxAlertsPerDay }: NonNullable<DetectionDraft['data']['rollout']>): RolloutRule {
  return { shadowMs: shadow, ...(maxAlertsPerDay === undefined ? {} : { maxAlertsPerDay }) };
}
