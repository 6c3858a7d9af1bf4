import { compileCondition } from '../../../match/index.ts';
import type { Detection } from '../../../model/detection.ts';
import type { Stage } from '../../../model/rule-match.ts';
import { stageOf } from '../../../model/stage.ts';
import { parseTemplate, type Template } from '../../../model/template.ts';

/** A detection, ready to be evaluated. */
export interface ReadyDetection {
  /** Position in the bundle. */
  readonly index: number;
  readonly detection: Detection;
  readonly stage: Stage;
  readonly condition: ((event: Readonly<Record<string, unknown>>) => boolean) | undefined;
  readonly functions: ReadonlySet<string>;
  readonly title: Template;
}

/** The detections of a bundle, and by what they read. */
export interface DetectionSet {
  readonly all: readonly ReadyDetection[];
  /** Without those that are off. */
  readonly byLogType: ReadonlyMap<string, readonly ReadyDetection[]>;
  isStopped(ready: ReadyDetection): boolean;
}

/**
 * Prepares the detections of a bundle.
 *
 * @param quarantined - Rule id → the version that does not run.
 */
export function prepareDetections(
  detections: readonly Detection[],
  quarantined: ReadonlyMap<string, string>,
): DetectionSet {
  const all: ReadyDetection[] = [];
  const byLogType = new Map<string, ReadyDetection[]>();
  const isQuarantined = (detection: Detection): boolean => quarantined.get(detection.id) === detection.version;
  for (const [index, detection] of detections.entries()) {
    const ready = prepareDetection(detection, index);
    all.push(ready);
    if (detection.mode === 'off') continue;
    for (const logType of logTypesOf(detection)) {
      const known = byLogType.get(logType);
      if (known) known.push(ready);
      else byLogType.set(logType, [ready]);
    }
  }
  return { all, byLogType, isStopped: (ready) => isQuarantined(ready.detection) };
}

/** The log types that a detection reads; none for one over a query. */
export function logTypesOf(detection: Detection): readonly string[] {
  return detection.source.kind === 'events' ? detection.source.logTypes : [];
}

function prepareDetection(detection: Detection, index: number): ReadyDetection {
  return {
    index,
    detection,
    stage: stageOf(detection),
    condition: detection.condition && compileCondition(detection.condition),
    functions: new Set(detection.functions),
    title: detection.alertTitle === undefined ? [detection.title] : parseTemplate(detection.alertTitle),
  };
}
