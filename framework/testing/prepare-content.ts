import { compileContent } from '../compile/index.ts';
import type { Bundle } from '../model/bundle.ts';
import { systemClock } from '../model/clock.ts';
import type { ContentTest } from '../model/content-test.ts';
import type { Problem } from '../model/margay-error.ts';
import { type BundleCatalog, catalogBundle } from '../runtime/bundle-catalog.ts';
import { type Detector, startDetector } from '../runtime/detect/index.ts';
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

/** Starts the rooms for a bundle's tests. */
export async function openTestRooms(catalog: BundleCatalog): Promise<TestRooms> {
  const [detector, engines] = await Promise.all([
    startDetector({ bundle: catalog.bundle, clock: systemClock }),
    openSqlEngines(),
  ]);
  return {
    detector,
    engines,
    close: async () => {
      await Promise.all([detector.close(), engines.close()]);
    },
  };
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
