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
 * order of the detections and their tests. Detections with `mode: off` are tested too. A function that hung in one
 * test is not called again: later tests that get to it fail as well.
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
    cases.map(({ detection, test }) => detector.processBatch(testBatch(detection, test), { only: [detection.id] })),
  );
  return cases.map(({ detection, test }, index) => {
    const result = results[index] as DetectResult;
    const differences = compareExpectation(test.expect, result);
    const { errors } = result;
    return {
      detectionId: detection.id,
      test,
      passed: differences.length === 0 && errors.length === 0,
      differences,
      errors,
    };
  });
}

/** A fixed time of receipt: the same test gives the same event on any day. */
const receivedAtMs = Date.UTC(2100, 0, 1);

function testBatch(detection: Detection, test: EventTest): BatchRecord {
  return {
    kind: 'batch',
    // One key for all tests of a detection: where it was stopped in one, it is in the others.
    key: `test ${detection.id}`,
    logType: test.logType,
    source: 'test',
    receivedAtMs,
    body: Buffer.from(JSON.stringify(test.log)),
  };
}
