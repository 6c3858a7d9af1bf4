import type { ContentTest } from '../model/content-test.ts';
import type { Where } from '../model/margay-error.ts';
import type { BundleCatalog } from '../runtime/bundle-catalog.ts';
import { runEventTests } from '../runtime/detect/index.ts';
import type { TestRooms } from './prepare-content.ts';
import type { EngineChoice } from './timeline/memory-lake.ts';
import { runTimeline, type TimelineSubject } from './timeline/run-timeline.ts';

/** A field that came out otherwise than expected. */
export interface TestDifference {
  readonly field: string;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly where: Where;
}

/** How one content test went. It passed when there are neither differences nor failures. */
export interface ContentTestResult {
  readonly differences: readonly TestDifference[];
  /** Errors of detection functions, and records that became no event. */
  readonly failures: readonly string[];
  /** The SQL engines that ran its query. */
  readonly engines: readonly string[];
  /** Why an engine was left out. */
  readonly refusals: readonly string[];
}

/** Runs one test of content through the rooms of the runtime. */
export async function runContentTest(
  test: ContentTest,
  subject: TimelineSubject,
  rooms: TestRooms,
  catalog: BundleCatalog,
  choice: EngineChoice,
): Promise<ContentTestResult> {
  if (test.kind === 'timeline') {
    const { detector, engines } = rooms;
    return runTimeline(test, subject, { catalog, detector, engines, choice });
  }
  const detection = catalog.detections.get(subject.id);
  if (!detection) throw new Error(`The bundle has no detection '${subject.id}'.`);
  const [result] = await runEventTests(rooms.detector, [{ ...detection, tests: [test] }]);
  if (!result) throw new Error(`The test '${test.name}' did not run.`);
  const failures = result.passed ? [] : result.errors.map((error) => `${error.functionName}: ${error.message}`);
  const differences = result.differences.map((difference) => ({ ...difference, where: test.where }));
  return { differences, failures, engines: [], refusals: [] };
}
