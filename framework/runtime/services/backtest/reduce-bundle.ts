import type { Bundle } from '../../../model/bundle.ts';
import type { Detection } from '../../../model/detection.ts';
import type { LogType } from '../../../model/log-type.ts';

/**
 * A bundle with nothing but some of its detections, over the log types that the lake's rows are of. Tests and
 * queries stay behind: the process of a trial gets no more than it needs.
 */
export function reduceBundle(
  bundle: Bundle,
  detections: readonly Detection[],
  logTypes: ReadonlyMap<string, LogType>,
): Bundle {
  const used = new Set(detections.flatMap(({ source }) => (source.kind === 'events' ? source.logTypes : [])));
  const hasCode = detections.some(({ functions }) => functions.length > 0);
  return {
    ...bundle,
    logTypes: [...logTypes.values()].filter(({ name }) => used.has(name)),
    detections: detections.map((detection) => ({ ...detection, tests: [] })),
    queries: [],
    code: hasCode ? bundle.code : '',
  };
}

/** A detection whose condition the lake has decided already. */
export function withoutCondition({ condition: _, ...detection }: Detection): Detection {
  return detection;
}

/** Whether two detections give the same matches and alerts: then one of them is tried, and counts for both. */
export function givesTheSame(a: Detection, b: Detection): boolean {
  const relevant = ({ tests: _tests, where: _where, ...rest }: Detection): string => JSON.stringify(rest);
  return relevant(a) === relevant(b);
}
