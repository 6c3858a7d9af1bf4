import { compileContent } from '../compile/index.ts';
import type { Bundle } from '../model/bundle.ts';
import { systemClock } from '../model/clock.ts';
import type { ContentTest, EventTest } from '../model/content-test.ts';
import type { Problem } from '../model/margay-error.ts';
import { ruleMatchesTable } from '../model/standard-tables.ts';
import { type BundleCatalog, catalogBundle } from '../runtime/bundle-catalog.ts';
import { type Detector, type EventTestResult, runEventTests, startDetector } from '../runtime/detect/index.ts';
import { openSqlEngines, type SqlEngines } from '../sql/index.ts';
import type { TimelineSubject } from './timeline/run-timeline.ts';

/** The tests of one content file, with what they are about. */
export interface ContentTestFile {
  /** Path of the YAML file, relative to the content root. */
  readonly file: string;
  readonly subject: TimelineSubject;
  readonly tests: readonly ContentTest[];
}

/** Compiled content, ready to be tested. */
export interface PreparedContent {
  readonly problems: readonly Problem[];
  /** Absent when the content does not compile. */
  readonly catalog: BundleCatalog | undefined;
  /** In order of path. */
  readonly testFiles: readonly ContentTestFile[];
}

/** The running rooms that tests go through. */
export interface TestRooms {
  readonly detector: Detector;
  readonly engines: SqlEngines;
  /** How an event test went. All of them are started with the rooms, so that the detector's worker never waits. */
  eventResult(test: EventTest): Promise<EventTestResult>;
  close(): Promise<void>;
}

/**
 * Compiles a content root and lists its tests. Types are not checked here: `margay check` does that.
 *
 * @param filters - Paths or ids, or their beginnings. Empty: everything.
 */
export async function prepareContent(root: string, filters: readonly string[]): Promise<PreparedContent> {
  const { bundle, envelope, problems } = await compileContent({ root, types: false });
  if (!bundle || !envelope) return { problems, catalog: undefined, testFiles: [] };
  const isWanted = (file: string, id: string): boolean =>
    filters.length === 0 || filters.some((filter) => startsAt(id, filter) || startsAt(file, filter));
  const testFiles = listTestFiles(bundle).filter(({ file, subject }) => isWanted(file, subject.id));
  return { problems, catalog: catalogBundle(envelope.digest, bundle), testFiles };
}

/** Starts the rooms for the tests of a bundle, and its event tests. */
export async function openTestRooms(catalog: BundleCatalog, testFiles: readonly ContentTestFile[]): Promise<TestRooms> {
  const [detector, engines] = await Promise.all([
    startDetector({ bundle: catalog.bundle, clock: systemClock }),
    openSqlEngines(),
  ]);
  if (testFiles.some(({ subject }) => subject.kind === 'query' || subject.queryId)) await warmUp(engines);
  const results = startEventTests(detector, catalog, testFiles);
  return {
    detector,
    engines,
    eventResult: async (test) => {
      const result = (await results.get(test))?.find((candidate) => candidate.test === test);
      if (!result) throw new Error(`The test '${test.name}' did not run.`);
      return result;
    },
    close: async () => {
      await Promise.allSettled(results.values());
      await Promise.all([detector.close(), engines.close()]);
    },
  };
}

/** The first query of a process loads the engines' code; no timeline shall wait for that. */
async function warmUp(engines: SqlEngines): Promise<void> {
  const sql = 'SELECT count(*) AS matches FROM rule_matches';
  await engines.run({ sql, tables: [ruleMatchesTable], rows: new Map(), nowMs: 0, engines: 'both' });
}

function startEventTests(
  detector: Detector,
  catalog: BundleCatalog,
  testFiles: readonly ContentTestFile[],
): ReadonlyMap<ContentTest, Promise<readonly EventTestResult[]>> {
  const started = new Map<ContentTest, Promise<readonly EventTestResult[]>>();
  for (const { subject, tests } of testFiles) {
    const detection = subject.kind === 'detection' ? catalog.detections.get(subject.id) : undefined;
    if (!detection) continue;
    const results = runEventTests(detector, [{ ...detection, tests }]);
    // Whoever asks for a result hears of the failure; a test that was filtered out need not.
    results.catch(() => {});
    for (const test of tests) started.set(test, results);
  }
  return started;
}

function listTestFiles(bundle: Bundle): readonly ContentTestFile[] {
  const detections = bundle.detections.map((detection): ContentTestFile => {
    const queryId = detection.source.kind === 'query' ? detection.source.query : undefined;
    return {
      file: detection.where.file,
      subject: { kind: 'detection', id: detection.id, queryId },
      tests: detection.tests,
    };
  });
  const queries = bundle.queries.map(
    (query): ContentTestFile => ({
      file: query.where.file,
      subject: { kind: 'query', id: query.id },
      tests: query.tests,
    }),
  );
  return [...detections, ...queries].filter(({ tests }) => tests.length > 0).sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** Whether a path or id begins with a filter at a boundary: `okta` and `okta/mfa` find `okta/mfa-bypass`. */
function startsAt(path: string, filter: string): boolean {
  return path.startsWith(filter.replace(/^\.\//, '').replace(/\/$/, ''));
}
