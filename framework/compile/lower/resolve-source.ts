import type { DetectionSource } from '../../model/detection.ts';
import type { LogType } from '../../model/log-type.ts';
import { suggest } from '../../model/suggest.ts';
import type { ContentIndex } from '../content-index.ts';
import type { FileReport } from '../file-report.ts';
import type { DetectionContent } from '../schema/detection-schema.ts';

type Index = Pick<ContentIndex, 'logTypes' | 'brokenLogTypes' | 'queryIds'>;

/** What a detection reads: its query, else its log types, else those that its Sigma logsource stands for. */
export function resolveSource(data: DetectionContent, report: FileReport, index: Index): DetectionSource | undefined {
  if (data.query !== undefined) return resolveQuery(data, data.query, report, index);
  if (data.logTypes) return resolveLogTypes(data.logTypes, report, index);
  if (data.logsource) return resolveLogsource(data.logsource, report, index);
  if (['logTypes', 'query', 'logsource'].some((key) => report.isFlawed(key))) return undefined;
  report.add('COMPILE_SOURCE_MISSING', [], 'The detection does not say what it reads.', {
    hint: "Write 'logTypes: [Okta.SystemLog]', a Sigma 'logsource:', or 'query:' with the id of a scheduled query.",
  });
  return undefined;
}

function resolveQuery(
  data: DetectionContent,
  query: string,
  report: FileReport,
  index: Index,
): DetectionSource | undefined {
  for (const key of ['logTypes', 'logsource'] as const) {
    if (data[key] === undefined) continue;
    const message = `'${key}' has no effect beside 'query': the detection reads the rows of the query.`;
    report.add('COMPILE_COMBINATION_INVALID', [key], message, { atKey: true, hint: 'Remove one of the two.' });
  }
  if (index.queryIds.has(query)) return { kind: 'query', query };
  const hint = suggest(query, [...index.queryIds]) ?? `Write 'scheduled-queries/${query}.yml'.`;
  report.add('COMPILE_QUERY_UNKNOWN', ['query'], `There is no scheduled query '${query}'.`, { hint });
  return undefined;
}

function resolveLogTypes(names: readonly string[], report: FileReport, index: Index): DetectionSource | undefined {
  let known = true;
  for (const [position, name] of names.entries()) {
    if (index.logTypes.has(name)) continue;
    known = false;
    if (index.brokenLogTypes.has(name)) continue;
    const hint = suggest(name, [...index.logTypes.keys()]);
    report.add('COMPILE_LOG_TYPE_UNKNOWN', ['logTypes', position], `There is no log type '${name}'.`, { hint });
  }
  return known ? { kind: 'events', logTypes: [...new Set(names)].sort() } : undefined;
}

type Logsource = NonNullable<DetectionContent['logsource']>;

const logsourceKeys = ['product', 'category', 'service'] as const;

function resolveLogsource(logsource: Logsource, report: FileReport, index: Index): DetectionSource | undefined {
  const given = logsourceKeys.filter((key) => logsource[key] !== undefined);
  const names = [...index.logTypes.values()]
    .filter((logType) => standsFor(logType, logsource, given))
    .map(({ name }) => name);
  if (given.length > 0 && names.length > 0) return { kind: 'events', logTypes: names.sort() };
  const known = [...index.logTypes.values()].flatMap(({ logsources }) => logsources.map(describe));
  report.add(
    'COMPILE_LOGSOURCE_UNMAPPED',
    ['logsource'],
    `No log type stands for the logsource ${describe(logsource)}.`,
    {
      hint: `Name the log types ('logTypes: […]'), or add the logsource to one in log-types/. Known: ${known.join('; ')}.`,
    },
  );
  return undefined;
}

/** Every key that the rule gives must be among those that the log type declares. */
function standsFor(logType: LogType, logsource: Logsource, given: readonly (typeof logsourceKeys)[number][]): boolean {
  return logType.logsources.some((known) =>
    given.every((key) => known[key]?.toLowerCase() === logsource[key]?.toLowerCase()),
  );
}

function describe(logsource: LogType['logsources'][number]): string {
  return (
    logsourceKeys.flatMap((key) => (logsource[key] === undefined ? [] : [`${key}: ${logsource[key]}`])).join(', ') ||
    '(empty)'
  );
}
