import { compileContent } from '../compile/index.ts';
import type { Bundle } from '../model/bundle.ts';
import { systemClock } from '../model/clock.ts';
import type { ContentTest, EventTest } from '../model/content-test.ts';
import type { Problem } from '../model/margay-error.ts';
import { ruleMatchesTable } from '../model/standard-tables.ts';
import { type BundleCatalog, catalogBundle } from '../runtime/bundle-catalog.ts';
import { type Detector, type EventTestResult, runEventTests, startDetector } from '../runtime/detect/index.ts';
import { openSqlEngines, type SqlEngines } from '../sql/index.ts';
import { type ContentTestFile, chooseTests } from './choose-tests.ts';

/** Compiled content, ready to be tested. */
export interface PreparedContent {
  /** What the compiler found, and what is wrong with the choice of tests. */
  readonly problems: readonly Problem[];
  /** Absent when the content does not compile, or a filter matches nothing. */
  readonly catalog: BundleCatalog | undefined;
  /** Those that are wanted and have tests, in order of path. */
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
 * @param filters - Files, folders or ids. Empty: everything.
 */
export async function prepareContent(root: string, filters: readonly string[]): Promise<PreparedContent> {
  const { bundle, envelope, problems: ofContent } = await compileContent({ root, types: false });
  if (!bundle || !envelope) return { problems: ofContent, catalog: undefined, testFiles: [] };
  const { chosen, problems: ofFilters } = chooseTests(listTestFiles(bundle), filters);
  const problems = [...ofContent, ...ofFilters];
  if (ofFilters.some(({ severity }) => severity === 'error')) return { problems, catalog: undefined, testFiles: [] };
  return { problems, catalog: catalogBundle(envelope.digest, bundle), testFiles: chosen };
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

/** Every file that may carry tests, with and without them. */
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
  return [...detections, ...queries].sort((a, b) => (a.file < b.file ? -1 : 1));
}
