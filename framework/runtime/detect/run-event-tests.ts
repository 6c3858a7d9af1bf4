import type { EventTest } from '../../model/content-test.ts';
import type { Detection } from '../../model/detection.ts';
import type { BatchRecord } from '../../model/log-record.ts';
import type { RuleError } from '../../model/rule-match.ts';
import { compareExpectation, type FieldDifference } from './compare-expectation.ts';
import type { Detector, DetectResult } from './detector.ts';

/** How one event test went. */
export interface EventTestResult {
  readonly detectionId: string;
  readonly test: EventTest;
  /** No difference, and no error. */
  readonly passed: boolean;
  /** What is not as expected. A record that is no event is a difference in `log`. */
  readonly differences: readonly FieldDifference[];
  /** What the detection's functions threw. Any throw fails a test, though production would fall back. */
  readonly errors: readonly RuleError[];
}

/**
 * Runs the event tests that detections carry, each as a batch of one record through that detection alone, in the
 * order of the detections and their tests. Detections with `mode: off` are tested too. After a test in which a
 * detection hangs, its other tests fail as well.
 */
export async function runEventTests(
  detector: Detector,
  detections: readonly Detection[],
): Promise<readonly EventTestResult[]> {
  const cases = detections.flatMap((detection) =>
    detection.tests.flatMap((test) => (test.kind === 'event' ? [{ detection, test }] : [])),
  );
  // All at once: the worker is kept busy while answers travel.
  const results = await Promise.all(
    cases.map(({ detection, test }, index) =>
      detector.processBatch(testBatch(detection, test, index), { only: [detection.id] }),
    ),
  );
  const stopped = new Map<string, RuleError>();
  return cases.map(({ detection, test }, index) => {
    const result = results[index] as DetectResult;
    const before = stopped.get(detection.id);
    const culprit = result.quarantined.length > 0 ? result.errors.find(isInterruption) : undefined;
    if (culprit) stopped.set(detection.id, culprit);
    const errors = before ? [before] : result.errors;
    const differences = before ? [] : compareExpectation(test.expect, result);
    const passed = differences.length === 0 && errors.length === 0;
    return { detectionId: detection.id, test, passed, differences, errors };
  });
}

function isInterruption(error: RuleError): boolean {
  return error.errorClass === 'Timeout' || error.errorClass === 'OutOfMemory';
}

/** A fixed time of receipt: the same test gives the same event on any day. */
const receivedAtMs = Date.UTC(2100, 0, 1);

function testBatch(detection: Detection, test: EventTest, index: number): BatchRecord {
  return {
    kind: 'batch',
    key: `test ${detection.id} ${index}`,
    logType: test.logType,
    source: 'test',
    receivedAtMs,
    body: Buffer.from(JSON.stringify(test.log)),
  };
}
