import type { Detection } from '../../model/detection.ts';
import type { ScheduledQuery } from '../../model/scheduled-query.ts';
import type { ContentIndex } from '../content-index.ts';
import { checkCoverage } from '../tests/check-coverage.ts';
import type { FixtureStore } from '../tests/fixture-store.ts';
import { lowerTests } from '../tests/lower-tests.ts';
import type { TestSubject } from '../tests/test-subject.ts';
import { checkDetection } from './check-detection.ts';
import { checkLookback } from './check-lookback.ts';
import { checkRetention } from './check-retention.ts';
import { checkRowKey } from './check-row-key.ts';
import { logTypesBehind, type QueryDraft } from './check-sql.ts';
import { checkWindows } from './check-windows.ts';
import type { DetectionDraft } from './draft-detection.ts';
import { lowerDetection } from './lower-detection.ts';
import { lowerQuery } from './lower-query.ts';

/** Content whose parts know what they read, on its way to a bundle. */
export interface DraftedContent {
  readonly index: ContentIndex;
  readonly detections: readonly DetectionDraft[];
  readonly queries: readonly QueryDraft[];
  readonly fixtures: FixtureStore;
}

/** Checks and lowers detections with their tests. One whose source is not known is left out. */
export async function lowerDetections(content: DraftedContent): Promise<readonly Detection[]> {
  const lowered: Detection[] = [];
  for (const draft of content.detections) {
    const { data, report, source } = draft;
    const condition = checkDetection(draft, content.index);
    const isScheduled = data.query !== undefined;
    const query = content.queries.find(({ id }) => id === data.query);
    checkRowKey(draft, query);
    const events = source?.kind === 'events' ? source.logTypes : undefined;
    const subject: TestSubject = {
      ...subjectOf(draft, query, content),
      kind: isScheduled ? 'scheduled detection' : 'detection',
      candidates: isScheduled ? candidatesOf(query, content) : events,
    };
    const tests = await lowerTests(data.tests, subject);
    checkCoverage(data.tests, report, isScheduled ? 'timelines' : 'events');
    const detection = lowerDetection(draft, condition, tests);
    if (detection) lowered.push(detection);
  }
  return lowered;
}

/** Checks and lowers queries with their tests. A timeline of a detection over a query tests the query too. */
export async function lowerQueries(content: DraftedContent): Promise<readonly ScheduledQuery[]> {
  const lowered: ScheduledQuery[] = [];
  for (const query of content.queries) {
    checkLookback(query);
    checkWindows(query, content);
    checkRetention(query, content.index);
    const subject: TestSubject = {
      ...subjectOf(query, query, content),
      kind: 'scheduled query',
      candidates: candidatesOf(query, content),
    };
    const tests = await lowerTests(query.data.tests, subject);
    const isTestedAbove = content.detections.some(({ data }) => data.query === query.id);
    if (!isTestedAbove) checkCoverage(query.data.tests, query.report, 'timelines');
    lowered.push(lowerQuery(query, tests, subject.candidates ?? []));
  }
  return lowered;
}

function candidatesOf(query: QueryDraft | undefined, content: DraftedContent): readonly string[] | undefined {
  return query?.isSound ? logTypesBehind(query, content.detections, content.index.logTypes) : undefined;
}

function subjectOf(
  { report }: DetectionDraft | QueryDraft,
  query: QueryDraft | undefined,
  { fixtures, index }: DraftedContent,
): Omit<TestSubject, 'kind' | 'candidates'> {
  const columns = query?.isSound ? query.checked.columns : undefined;
  return { report, fixtures, logTypes: index.logTypes, brokenLogTypes: index.brokenLogTypes, columns };
}
