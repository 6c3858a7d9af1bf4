import type { Bundle, BundleEnvelope } from './bundle.ts';
import { levels } from './level.ts';
import { MargayError } from './margay-error.ts';
import { isRecord } from './path.ts';
import { sha256Digest } from './stable-id.ts';

/** The largest bundle that is opened, in characters. */
export const maxBundleCharacters = 128 * 1024 * 1024;

/**
 * The bundle in an envelope, once its bytes are proven to be those that the digest names and its shape one
 * that this version reads. One of a version that knew no retention keeps every table for ever, one that knew no
 * lookups has none.
 *
 * @throws COMPILE_BUNDLE_DIGEST when the content has been changed on its way.
 * @throws COMPILE_BUNDLE_INVALID when it is too large, not JSON, or of another shape or format.
 */
export function openBundle(envelope: BundleEnvelope): Bundle {
  if (!isRecord(envelope) || typeof envelope.digest !== 'string' || typeof envelope.content !== 'string') {
    throw invalid('an envelope with a digest and content was expected');
  }
  if (envelope.content.length > maxBundleCharacters) {
    throw invalid(`it has ${envelope.content.length} characters; ${maxBundleCharacters} are the limit`);
  }
  const digest = sha256Digest(envelope.content);
  if (digest !== envelope.digest) {
    throw new MargayError(
      'COMPILE_BUNDLE_DIGEST',
      `The bundle's content has the digest ${digest}, and ${envelope.digest.slice(0, 80)} was expected.`,
      {
        hint: 'It was changed or cut short on its way. Publish it again.',
      },
    );
  }
  const bundle = parse(envelope.content);
  const flaw = findFlaw(bundle);
  if (flaw !== undefined) throw invalid(flaw);
  const { retention = {}, lookups = [], ...rest } = bundle as Bundle;
  return { ...rest, lookups, retention };
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw invalid('its content is not JSON', cause);
  }
}

function findFlaw(bundle: unknown): string | undefined {
  if (!isRecord(bundle)) return 'its content is no object';
  if (bundle.format !== 1) return `it has format ${JSON.stringify(bundle.format)}, and this version reads format 1`;
  if (typeof bundle.margay !== 'string' || typeof bundle.code !== 'string') return "'margay' and 'code' must be texts";
  if (!isRecord(bundle.routing) || !isListOf(bundle.routing.destinations, isDestination))
    return "'routing' has another shape";
  if (bundle.retention !== undefined && !(isRecord(bundle.retention) && Object.values(bundle.retention).every(isCount)))
    return "'retention' has another shape";
  if (!isListOf(bundle.logTypes, isLogType)) return "'logTypes' has another shape";
  if (bundle.lookups !== undefined && !isListOf(bundle.lookups, isLookup)) return "'lookups' has another shape";
  if (!isListOf(bundle.queries, isQuery)) return "'queries' has another shape";
  if (!isListOf(bundle.detections, isDetection)) return "'detections' has another shape";
  return findDanglingSource(bundle as unknown as Bundle);
}

/** A detection whose source the bundle lacks would silently never run. */
function findDanglingSource(bundle: Bundle): string | undefined {
  const logTypes = new Set(bundle.logTypes.map((logType) => logType.name));
  const queries = new Set(bundle.queries.map((query) => query.id));
  for (const { id, source } of bundle.detections) {
    const missing =
      source.kind === 'query'
        ? [source.query].filter((query) => !queries.has(query))
        : source.logTypes.filter((name) => !logTypes.has(name));
    if (missing.length > 0) return `detection '${id}' reads '${missing.join("', '")}', which it does not hold`;
  }
  return undefined;
}

type Shape = (value: Readonly<Record<string, unknown>>) => boolean;

function isListOf(value: unknown, shape: Shape): boolean {
  return Array.isArray(value) && value.every((item) => isRecord(item) && shape(item));
}

const isDestination: Shape = (it) => areTexts(it.name, it.type) && isTextList(it.levels) && isRecord(it.settings);

const isLogType: Shape = (it) =>
  areTexts(it.name, it.table, it.eventTime) &&
  isRecord(it.fields) &&
  isRecord(it.model) &&
  [it.retentionMs, it.archiveMs, it.silentAfterMs].every((ms) => ms === undefined || isCount(ms)) &&
  Array.isArray(it.logsources);

const isQuery: Shape = (it) =>
  areTexts(it.id, it.title, it.sql, it.version) &&
  isRecord(it.schedule) &&
  (typeof it.schedule.cron === 'string' || isCount(it.schedule.everyMs)) &&
  [it.settleMs, it.timeoutMs, it.maxRows].every(isCount) &&
  isListOf(it.columns, (column) => areTexts(column.name, column.type)) &&
  isTextList(it.tables) &&
  isListOf(it.tests, isTest);

const isLookup: Shape = (it) =>
  areTexts(it.id, it.table, it.description, it.key) &&
  isListOf(it.columns, (column) => areTexts(column.name, column.type)) &&
  Array.isArray(it.rows) &&
  it.rows.every((row) => Array.isArray(row));

const isDetection: Shape = (it) =>
  areTexts(it.id, it.firstId, it.title, it.version) &&
  (levels as readonly unknown[]).includes(it.level) &&
  ['live', 'shadow', 'off'].includes(it.mode as string) &&
  (it.rollout === undefined || (isRecord(it.rollout) && isCount(it.rollout.shadowMs))) &&
  isRecord(it.source) &&
  (it.source.kind === 'query'
    ? areTexts(it.source.query)
    : it.source.kind === 'events' && isTextList(it.source.logTypes)) &&
  (it.condition === undefined || isRecord(it.condition)) &&
  [it.aliases, it.tags, it.references, it.falsePositives, it.owners, it.functions, it.renotify].every(isTextList) &&
  [it.destinations, it.reads].every((list) => list === undefined || isTextList(list)) &&
  isRecord(it.dedup) &&
  isTextList(it.dedup.by) &&
  isCount(it.dedup.periodMs) &&
  isCount(it.threshold) &&
  isRecord(it.context) &&
  typeof it.alert === 'boolean' &&
  isListOf(it.tests, isTest);

const isTest: Shape = (it) =>
  areTexts(it.name) && (it.kind === 'event' ? isRecord(it.expect) : it.kind === 'timeline' && Array.isArray(it.steps));

function areTexts(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && areTexts(...value);
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function invalid(reason: string, cause?: unknown): MargayError {
  return new MargayError('COMPILE_BUNDLE_INVALID', `This is not a bundle that can run: ${reason}.`, {
    hint: 'Compile and publish it with the version of Margay that the runtime has.',
    cause,
  });
}
