import { removePath, setPath } from '../../model/path.ts';
import { suggest } from '../../model/suggest.ts';
import { checkField } from '../fields/check-field.ts';
import { rawScope } from '../fields/field-scope.ts';
import type { YamlPath } from '../yaml/load-yaml.ts';
import type { TestSubject } from './test-subject.ts';

/** The part of a test or step that says what was logged. */
export interface RecordContent {
  readonly log: string | Readonly<Record<string, unknown>>;
  readonly with?: Readonly<Record<string, unknown>> | undefined;
  readonly without?: readonly string[] | undefined;
  readonly logType?: string | undefined;
}

/** A record as it was logged, and its log type. */
export interface LoweredRecord {
  readonly log: unknown;
  readonly logType: string;
}

/**
 * The record of a test: its fixture or inline log, patched.
 *
 * @param inherited - The log type that the test gives its steps, with the place where it says so.
 */
export async function lowerRecord(
  content: RecordContent,
  subject: TestSubject,
  at: YamlPath,
  inherited?: { readonly logType: string; readonly at: YamlPath },
): Promise<LoweredRecord | undefined> {
  const logType = resolveLogType(content, subject, at, inherited);
  const log =
    typeof content.log === 'string'
      ? await subject.fixtures.load(content.log, subject.report, [...at, 'log'])
      : content.log;
  const patched = log && patch(log, content, subject, at, logType);
  return patched && logType !== undefined ? { log: patched, logType } : undefined;
}

function resolveLogType(
  content: RecordContent,
  subject: TestSubject,
  at: YamlPath,
  inherited?: { readonly logType: string; readonly at: YamlPath },
) {
  const name = content.logType ?? inherited?.logType;
  if (name !== undefined) {
    if (subject.logTypes.has(name)) return name;
    if (subject.brokenLogTypes.has(name)) return undefined;
    const path = content.logType === undefined && inherited ? inherited.at : [...at, 'logType'];
    subject.report.add('COMPILE_LOG_TYPE_UNKNOWN', path, `There is no log type '${name}'.`, {
      hint: suggest(name, [...subject.logTypes.keys()]),
    });
    return undefined;
  }
  if (!subject.candidates || subject.candidates.length === 1) return subject.candidates?.[0];
  const some = subject.candidates.length > 1 ? `it could be ${subject.candidates.join(' or ')}` : 'nothing says which';
  subject.report.add('COMPILE_TEST_LOG_TYPE_MISSING', at, `The log type of this record cannot be told: ${some}.`, {
    hint: `Write 'logType: ${subject.candidates[0] ?? [...subject.logTypes.keys()][0] ?? 'Vendor.Log'}'.`,
  });
  return undefined;
}

function patch(
  log: Readonly<Record<string, unknown>>,
  content: RecordContent,
  subject: TestSubject,
  at: YamlPath,
  logType: string | undefined,
) {
  const schema = logType === undefined ? undefined : subject.logTypes.get(logType);
  if (!schema) return log;
  const scopes = [rawScope(schema)];
  let record: Readonly<Record<string, unknown>> = log;
  for (const [path, value] of Object.entries(content.with ?? {})) {
    const isKnown = checkField(subject.report, [...at, 'with', path], path, scopes, { atKey: true });
    if (isKnown) record = setPath(record, path, value);
  }
  for (const [position, path] of (content.without ?? []).entries()) {
    if (checkField(subject.report, [...at, 'without', position], path, scopes)) record = removePath(record, path);
  }
  return record;
}
