import type { Bundle } from '../model/bundle.ts';
import type { Routing } from '../model/destination.ts';
import type { Detection } from '../model/detection.ts';
import type { LogType } from '../model/log-type.ts';
import type { Lookup } from '../model/lookup.ts';
import type { Problem } from '../model/margay-error.ts';
import type { PolicySettings } from '../model/plan.ts';
import type { ScheduledQuery } from '../model/scheduled-query.ts';
import { analyseCode } from './analyse-code.ts';
import type { ContentCache } from './cache/content-cache.ts';
import { findContent, type ReadDirectory } from './content/find-content.ts';
import { loadContent } from './content/load-content.ts';
import { lowerLookups, tablesOfLookups } from './lookups/lower-lookups.ts';
import { checkAliases } from './lower/check-aliases.ts';
import { checkSql } from './lower/check-sql.ts';
import { configureLogTypes } from './lower/configure-log-types.ts';
import { draftDetection } from './lower/draft-detection.ts';
import { type DraftedContent, lowerDetections, lowerQueries } from './lower/lower-content.ts';
import { lowerLogTypes } from './lower/lower-log-types.ts';
import { detectionSchema, detectionStandIns } from './schema/detection-schema.ts';
import { querySchema, queryStandIns } from './schema/query-schema.ts';
import { sortProblems } from './sort-problems.ts';
import { FixtureStore } from './tests/fixture-store.ts';

/** Content, read and checked: what is sound of it, and everything that is not. */
export interface ContentAnalysis {
  readonly logTypes: readonly LogType[];
  readonly detections: readonly Detection[];
  readonly queries: readonly ScheduledQuery[];
  readonly lookups: readonly Lookup[];
  readonly routing: Routing;
  readonly retention: Bundle['retention'];
  readonly policies: PolicySettings;
  readonly code: string;
  /** The TypeScript files of detections. */
  readonly codeFiles: readonly string[];
  /** Whether there is a `margay.config.ts`. */
  readonly hasConfig: boolean;
  readonly problems: readonly Problem[];
  /** Every file that was read. */
  readonly files: readonly string[];
}

/**
 * Reads all content below a folder and lowers it: log types, then what detections read and give as context,
 * then queries, which need both, then the rest of the detections, which need the queries' columns.
 */
export async function analyseContent(
  root: string,
  options: { readonly readDirectory?: ReadDirectory | undefined; readonly cache?: ContentCache | undefined } = {},
): Promise<ContentAnalysis> {
  const { cache } = options;
  const found = await findContent(root, options.readDirectory);
  if (found.problems.some(({ code }) => code === 'COMPILE_CONTENT_MISSING')) return emptyAnalysis(found.problems);
  const codeFiles = found.code.map(({ file }) => file);
  const [written, lookups, detections, queries, { config, code, impure }] = await Promise.all([
    lowerLogTypes(root, found.logTypes),
    lowerLookups(root, found),
    loadContent(root, found.detections, { schema: detectionSchema, standIns: detectionStandIns }, cache),
    loadContent(root, found.queries, { schema: querySchema, standIns: queryStandIns }, cache),
    analyseCode(root, found, cache),
  ]);
  const types = configureLogTypes(written, config.logTypes);
  const names = {
    logTypes: types.logTypes,
    brokenLogTypes: types.broken,
    detectionIds: new Set(found.detections.map(({ id }) => id)),
    queryIds: new Set(found.queries.map(({ id }) => id)),
    retention: config.retention,
    routing: filesInError(config.problems).size > 0 ? undefined : config.routing,
  };
  const brokenCode = filesInError(code.problems);
  const idsOfBrokenCode = new Set(found.code.filter(({ file }) => brokenCode.has(file)).map(({ id }) => id));
  const drafts = detections.loaded.map((file) =>
    draftDetection(file, idsOfBrokenCode.has(file.id) ? 'broken' : code.detections.get(file.id), names),
  );
  const lookupTables = tablesOfLookups(lookups.lookups, found.lookups, types.logTypes.values());
  const sql = await checkSql(queries.loaded, drafts, { ...names, lookups: lookupTables.tables });
  const soundQueries = new Map(sql.filter(({ isSound }) => isSound).map(({ id, checked }) => [id, checked]));
  const fixtures = new FixtureStore(root);
  const content: DraftedContent = {
    index: { ...names, queries: soundQueries },
    detections: drafts,
    queries: sql,
    fixtures,
  };
  checkAliases(drafts, names);
  const lowered = { detections: await lowerDetections(content), queries: await lowerQueries(content) };
  const problems = [found, types, lookups, lookupTables, detections, queries, config, code, fixtures].flatMap(
    (part) => part.problems,
  );
  const ofReports = [...drafts, ...sql].flatMap(({ report }) => report.problems);
  const read = [...found.detections, ...found.queries, ...found.logTypes, ...found.lookups].map(({ file }) => file);
  return {
    ...lowered,
    logTypes: [...types.logTypes.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    lookups: lookups.lookups,
    routing: config.routing,
    retention: config.retention,
    policies: config.policies,
    code: code.code,
    codeFiles,
    hasConfig: found.config !== undefined,
    problems: sortProblems([...problems, ...impure, ...ofReports]),
    files: [...read, ...code.files, ...config.files, ...fixtures.files, ...lookups.files],
  };
}

function filesInError(problems: readonly Problem[]): ReadonlySet<string | undefined> {
  return new Set(problems.filter(({ severity }) => severity === 'error').map(({ where }) => where?.file));
}

function emptyAnalysis(problems: readonly Problem[]): ContentAnalysis {
  const nothing = {
    logTypes: [],
    detections: [],
    queries: [],
    lookups: [],
    routing: { destinations: [] },
    retention: {},
    policies: { severities: {}, waivers: [] },
    code: '',
  };
  return { ...nothing, codeFiles: [], hasConfig: false, problems, files: [] };
}
