import type { ContentTest } from '../model/content-test.ts';
import { MargayError, type Problem } from '../model/margay-error.ts';
import type { TestDifference } from '../model/test-report.ts';
import type { BundleCatalog } from '../runtime/bundle-catalog.ts';
import type { TestRooms } from './prepare-content.ts';
import type { EngineChoice } from './timeline/memory-lake.ts';
import { runTimeline, type TimelineSubject } from './timeline/run-timeline.ts';

/** How one content test went. It passed when there are neither differences nor problems. */
export interface ContentTestResult {
  readonly differences: readonly TestDifference[];
  /** Functions that threw, records that became no event, SQL that failed, engines that disagree. */
  readonly problems: readonly Problem[];
  /** The SQL engines that ran its query. */
  readonly engines: readonly string[];
  /** Why an engine was left out. */
  readonly notes: readonly string[];
}

/** Runs one test of content through the rooms of the runtime. Never throws for what content does wrong. */
export async function runContentTest(
  test: ContentTest,
  subject: TimelineSubject,
  rooms: TestRooms,
  catalog: BundleCatalog,
  choice: EngineChoice,
): Promise<ContentTestResult> {
  try {
    return test.kind === 'timeline'
      ? await runTimelineTest(test, subject, rooms, catalog, choice)
      : await runEventTest(test, rooms);
  } catch (error) {
    if (!(error instanceof MargayError)) throw error;
    const { code, message, hint, where } = error;
    return {
      differences: [],
      problems: [{ code, message, hint, where: where ?? test.where, severity: 'error' }],
      engines: [],
      notes: [],
    };
  }
}

async function runTimelineTest(
  test: Extract<ContentTest, { readonly kind: 'timeline' }>,
  subject: TimelineSubject,
  { detector, engines }: TestRooms,
  catalog: BundleCatalog,
  choice: EngineChoice,
): Promise<ContentTestResult> {
  const result = await runTimeline(test, subject, { catalog, detector, engines, choice });
  return {
    differences: result.differences,
    problems: result.failures.map((message) => ({
      code: 'TEST_CONTENT_FAILED',
      message,
      where: test.where,
      severity: 'error',
    })),
    engines: result.engines,
    notes: result.refusals.map((refusal) => `alasql left out: ${refusal}`),
  };
}

async function runEventTest(
  test: Extract<ContentTest, { readonly kind: 'event' }>,
  rooms: TestRooms,
): Promise<ContentTestResult> {
  const result = await rooms.eventResult(test);
  const errors = result.passed ? [] : result.errors;
  return {
    differences: result.differences,
    problems: errors.map(({ functionName, errorClass, message }) => ({
      code: 'TEST_CONTENT_FAILED',
      message: `${functionName}: ${errorClass}: ${message}`,
      where: test.where,
      severity: 'error',
    })),
    engines: [],
    notes: [],
  };
}
