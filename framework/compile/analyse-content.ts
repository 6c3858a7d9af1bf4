import type { Routing } from '../model/destination.ts';
import type { Detection } from '../model/detection.ts';
import type { LogType } from '../model/log-type.ts';
import type { Problem } from '../model/margay-error.ts';
import type { ScheduledQuery } from '../model/scheduled-query.ts';
import { findContent } from './content/find-content.ts';
import { loadContent } from './content/load-content.ts';
import type { ContentIndex } from './content-index.ts';
import { checkAliases } from './lower/check-aliases.ts';
import { checkDetection } from './lower/check-detection.ts';
import { checkSql, logTypesBehind, type QueryDraft } from './lower/check-sql.ts';
import { type DetectionDraft, draftDetection } from './lower/draft-detection.ts';
import { lowerDetection } from './lower/lower-detection.ts';
import { lowerLogTypes } from './lower/lower-log-types.ts';
import { checkLookback, lowerQuery } from './lower/lower-query.ts';
import { detectionSchema, detectionStandIns } from './schema/detection-schema.ts';
import { querySchema, queryStandIns } from './schema/query-schema.ts';
import { sortProblems } from './sort-problems.ts';
import { checkCoverage } from './tests/check-coverage.ts';
import { FixtureStore } from './tests/fixture-store.ts';
import { lowerTests } from './tests/lower-tests.ts';
import type { TestSubject } from './tests/test-subject.ts';
import { bundleCode, evaluateConfig, lintPurity } from './typescript/index.ts';

/** Content, read and checked: what is sound of it, and everything that is not. */
export interface ContentAnalysis {
  readonly logTypes: readonly LogType[];
  readonly detections: readonly Detection[];
  readonly queries: readonly ScheduledQuery[];
  readonly routing: Routing;
  readonly code: string;
  /** The TypeScript files of detections. */
  readonly codeFiles: readonly string[];
  readonly problems: readonly Problem[];
  /** Every file that was read. */
  readonly files: readonly string[];
}

/**
 * Reads all content below a folder and lowers it: log types, then what detections read and give as context,
 * then queries, which need both, then the rest of the detections, which need the queries' columns.
 */
export async function analyseContent(root: string): Promise<ContentAnalysis> {
  const found = await findContent(root);
  if (found.problems.some(({ code }) => code === 'COMPILE_CONTENT_MISSING')) return emptyAnalysis(found.problems);
  const codeFiles = found.code.map(({ file }) => file);
  const [types, detections, queries, config, code, impure] = await Promise.all([
    lowerLogTypes(root, found.logTypes),
    loadContent(root, found.detections, { schema: detectionSchema, standIns: detectionStandIns }),
    loadContent(root, found.queries, { schema: querySchema, standIns: queryStandIns }),
    evaluateConfig({ root, file: found.config }),
    bundleCode({ root, entries: found.code }),
    lintPurity({ root, files: codeFiles }),
  ]);
  const { logTypes, broken: brokenLogTypes } = types;
  const detectionIds = new Set(found.detections.map(({ id }) => id));
  const queryIds = new Set(found.queries.map(({ id }) => id));
  const coded = new Set(found.code.map(({ id }) => id));
  const drafts = detections.loaded.map((file) =>
    draftDetection(file, code.detections.get(file.id) ?? (coded.has(file.id) ? 'broken' : undefined), {
      logTypes,
      brokenLogTypes,
      queryIds,
    }),
  );
  const sql = await checkSql(queries.loaded, drafts, { logTypes, detectionIds });
  const sound = new Map(sql.filter(({ isSound }) => isSound).map(({ id, checked }) => [id, checked]));
  const routing = config.problems.some(({ severity }) => severity === 'error') ? undefined : config.routing;
  const fixtures = new FixtureStore(root);
  const context = {
    index: { logTypes, brokenLogTypes, queryIds, detectionIds, queries: sound, routing },
    drafts,
    sql,
    fixtures,
  };
  checkAliases(drafts, { detectionIds });
  const loweredDetections = await lowerDetections(context);
  const loweredQueries = await lowerQueries(context);
  const reports = [...drafts, ...sql].flatMap(({ report }) => report.problems);
  const problems = [found, types, detections, queries, config, code, fixtures].flatMap((part) => part.problems);
  const content = [...found.detections, ...found.queries, ...found.logTypes].map(({ file }) => file);
  return {
    logTypes: [...logTypes.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    detections: loweredDetections,
    queries: loweredQueries,
    routing: config.routing,
    code: code.code,
    codeFiles,
    problems: sortProblems([...problems, ...impure, ...reports]),
    files: [...content, ...code.files, ...(found.config ? [found.config] : []), ...fixtures.files],
  };
}

function emptyAnalysis(problems: readonly Problem[]): ContentAnalysis {
  const routing = { destinations: [] };
  return { logTypes: [], detections: [], queries: [], routing, code: '', codeFiles: [], problems, files: [] };
}

interface AnalysisContext {
  readonly index: ContentIndex;
  readonly drafts: readonly DetectionDraft[];
  readonly sql: readonly QueryDraft[];
  readonly fixtures: FixtureStore;
}

async function lowerDetections(context: AnalysisContext): Promise<readonly Detection[]> {
  const lowered: Detection[] = [];
  for (const draft of context.drafts) {
    const condition = checkDetection(draft, context.index);
    const isScheduled = draft.data.query !== undefined;
    const query = context.sql.find(({ id }) => id === draft.data.query);
    const events = draft.source?.kind === 'events' ? draft.source.logTypes : undefined;
    const candidates = isScheduled ? behind(query, context) : events;
    const subject = testSubject(isScheduled ? 'scheduled detection' : 'detection', draft, candidates, query, context);
    const tests = await lowerTests(draft.data.tests, subject);
    checkCoverage(draft.data.tests, draft.report, isScheduled ? 'timelines' : 'events');
    const detection = lowerDetection(draft, condition, tests);
    if (detection) lowered.push(detection);
  }
  return lowered;
}

async function lowerQueries(context: AnalysisContext): Promise<readonly ScheduledQuery[]> {
  const lowered: ScheduledQuery[] = [];
  for (const query of context.sql) {
    checkLookback(query);
    const subject = testSubject('scheduled query', query, behind(query, context), query, context);
    const tests = await lowerTests(query.data.tests, subject);
    const isTestedAbove = context.drafts.some(({ data }) => data.query === query.id);
    if (!isTestedAbove) checkCoverage(query.data.tests, query.report, 'timelines');
    lowered.push(lowerQuery(query, tests));
  }
  return lowered;
}

function behind(query: QueryDraft | undefined, { drafts, index }: AnalysisContext): readonly string[] | undefined {
  return query?.isSound ? logTypesBehind(query, drafts, index.logTypes) : undefined;
}

function testSubject(
  kind: TestSubject['kind'],
  file: DetectionDraft | QueryDraft,
  candidates: readonly string[] | undefined,
  query: QueryDraft | undefined,
  { fixtures, index }: AnalysisContext,
): TestSubject {
  const columns = query?.isSound ? query.checked.columns.map(({ name }) => name) : undefined;
  const { logTypes, brokenLogTypes } = index;
  return { kind, report: file.report, fixtures, logTypes, brokenLogTypes, candidates, columns };
}
