import { type ParsedDetection, parseDetection } from '../../match/index.ts';
import type { Condition } from '../../model/condition.ts';
import { suggest } from '../../model/suggest.ts';
import { parseTemplate, templatePaths } from '../../model/template.ts';
import type { ContentIndex } from '../content-index.ts';
import { checkField } from '../fields/check-field.ts';
import { eventScope, type FieldScope, rowScope } from '../fields/field-scope.ts';
import { checkRowTypes } from './check-row-types.ts';
import { type DetectionDraft, mayDefine } from './draft-detection.ts';

/** Checks a detection against what it refers to, and gives its condition where that is sound. */
export function checkDetection(draft: DetectionDraft, index: ContentIndex): Condition | undefined {
  const scopes = scopesOf(draft, index);
  const parsed = checkCondition(draft, scopes);
  checkFields(draft, scopes);
  const query = draft.source?.kind === 'query' ? index.queries.get(draft.source.query) : undefined;
  if (query) checkRowTypes(draft, query.columns, parsed?.fields ?? []);
  checkKeys(draft);
  checkContextSources(draft);
  checkDestinations(draft, index);
  checkDedup(draft);
  return parsed?.condition;
}

/** Empty when the fields cannot be known: what it reads is broken, and reported there. */
function scopesOf({ source }: DetectionDraft, index: ContentIndex): readonly FieldScope[] {
  if (!source) return [];
  if (source.kind === 'query') {
    const query = index.queries.get(source.query);
    return query ? [rowScope(source.query, query.columns)] : [];
  }
  return source.logTypes.flatMap((name) => {
    const logType = index.logTypes.get(name);
    return logType ? [eventScope(logType)] : [];
  });
}

function checkCondition(draft: DetectionDraft, scopes: readonly FieldScope[]): ParsedDetection | undefined {
  const { data, report } = draft;
  if (data.detection === undefined) {
    const isFlawed = report.isFlawed('detection') || report.isFlawed('query');
    if (data.query === undefined && !isFlawed && !mayDefine(draft, 'rule')) {
      report.add('COMPILE_CONDITION_MISSING', [], 'The detection does not say what it looks for.', {
        hint: `Write 'detection:' here, or a 'rule' in detections/${draft.id}.ts.`,
      });
    }
    return undefined;
  }
  const parsed = parseDetection(data.detection);
  for (const { code, message, path, about, ...details } of parsed.problems) {
    report.add(code, ['detection', ...path], message, { ...details, atKey: about === 'key' });
  }
  for (const { field, path } of parsed.fields) {
    const key = String(path.at(-1)).split('|')[0] as string;
    const atKey = field === key || field.endsWith(`.${key}`);
    // `target|any: { type: … }` reads 'target.type': a key within a key of the selection.
    const isInElement = path.slice(1, -1).some((step) => typeof step === 'string');
    checkField(report, ['detection', ...path], field, scopes, { atKey, isInElement });
  }
  return parsed;
}

function checkFields({ data, report }: DetectionDraft, scopes: readonly FieldScope[]): void {
  for (const field of templatePaths(parseTemplate(data.alertTitle ?? ''))) {
    const offset = data.alertTitle?.indexOf(field);
    checkField(report, ['alertTitle'], field, scopes, { offset });
  }
  for (const [at, fields] of [
    [['dedup', 'by'], data.dedup?.by ?? []],
    [['renotify'], data.renotify],
  ] as const) {
    for (const [position, field] of fields.entries()) checkField(report, [...at, position], field, scopes);
  }
  if (data.unique !== undefined) checkField(report, ['unique'], data.unique, scopes);
  for (const [name, column] of Object.entries(data.context)) {
    if (column.from !== undefined) checkField(report, ['context', name, 'from'], column.from, scopes);
  }
}

/** Keys that would silently do nothing. */
function checkKeys({ data, report }: DetectionDraft): void {
  const misplaced = (path: readonly string[], why: string, hint: string) =>
    report.add('COMPILE_COMBINATION_INVALID', path, `'${path.join('.')}' has no effect here: ${why}.`, {
      atKey: true,
      hint,
    });
  if (data.query === undefined) {
    const hint = "Remove it, or read a scheduled query by 'query:'.";
    if (data.renotify.length > 0) misplaced(['renotify'], "it is for detections that read a query's rows", hint);
    return;
  }
  const why = 'an alert over a query lasts as long as its rows come back';
  const hint = 'Put the limit into the SQL: HAVING count(*) > 2.';
  if (data.threshold !== undefined) misplaced(['threshold'], why, hint);
  if (data.unique !== undefined) misplaced(['unique'], why, hint);
  if (data.dedup?.period !== undefined) misplaced(['dedup', 'period'], why, 'Remove it.');
}

function checkContextSources(draft: DetectionDraft): void {
  if (mayDefine(draft, 'context')) return;
  for (const [name, column] of Object.entries(draft.data.context)) {
    if (column.from !== undefined) continue;
    draft.report.add(
      'COMPILE_CONTEXT_SOURCE_MISSING',
      ['context', name],
      `Nothing gives the context column '${name}' a value.`,
      {
        atKey: true,
        hint: `Write '${name}: { from: <field> }', or a 'context' function in detections/${draft.id}.ts.`,
      },
    );
  }
}

function checkDestinations({ data, report }: DetectionDraft, { routing }: ContentIndex): void {
  if (!routing) return;
  const known = routing.destinations.map(({ name }) => name);
  for (const [position, name] of (data.destinations ?? []).entries()) {
    if (known.includes(name)) continue;
    const hint = suggest(name, known) ?? 'Declare it in margay.config.ts.';
    report.add(
      'COMPILE_DESTINATION_UNKNOWN',
      ['destinations', position],
      `There is no destination '${name}' in margay.config.ts.`,
      { hint },
    );
  }
}

function checkDedup(draft: DetectionDraft): void {
  const { data, report } = draft;
  if (!data.alert || data.dedup?.by || report.isFlawed('dedup') || mayDefine(draft, 'dedup')) return;
  const merged = data.query === undefined ? 'matches of different victims' : 'different rows';
  report.addFinding(
    'COMPILE_DEDUP_MISSING',
    data.dedup ? ['dedup'] : [],
    `Nothing says which matches belong together: ${merged} would share one alert.`,
    {
      atKey: true,
      hint: "Write 'dedup: { by: [<field that names the victim>] }'.",
    },
  );
}
