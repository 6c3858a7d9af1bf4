import { commonFields } from '../../model/common-fields.ts';
import { indicatorFieldNames } from '../../model/indicators.ts';
import type { LogField, LogType } from '../../model/log-type.ts';
import { type Path, parsePath } from '../../model/path.ts';
import { nearest } from '../../model/suggest.ts';
import type { Column } from '../../model/table.ts';

/** What field paths may name at some place: a log type, or the columns of a query. */
export interface FieldScope {
  /** As it ends a sentence: `Okta.SystemLog`. */
  readonly name: string;
  readonly fields: Readonly<Record<string, LogField>>;
}

const text: LogField = { type: 'string' };
const texts: LogField = { type: 'array', items: text };
const standardFields: Readonly<Record<string, LogField>> = {
  p_log_type: text,
  p_event_time: text,
  p_parse_time: text,
  p_row_id: text,
  p_source: text,
  ...Object.fromEntries(indicatorFieldNames.map((name) => [name, texts])),
};

/** The fields of a raw record: those of the log type alone. */
export function rawScope(logType: LogType): FieldScope {
  return { name: logType.name, fields: logType.fields };
}

/** The fields of an event: the log type's, the standard ones and the common ones that it maps. */
export function eventScope(logType: LogType): FieldScope {
  const known = eventScopes.get(logType);
  if (known) return known;
  const common = Object.fromEntries(Object.keys(logType.model).map((name) => [name, text]));
  const fields: FieldScope['fields'] = {
    ...logType.fields,
    ...standardFields,
    udm: { type: 'object', fields: common },
  };
  const scope = { name: logType.name, fields };
  eventScopes.set(logType, scope);
  return scope;
}

const eventScopes = new WeakMap<LogType, FieldScope>();

/** The columns of a query's rows. */
export function rowScope(query: string, columns: readonly Column[]): FieldScope {
  return {
    name: `the query ${query}`,
    fields: Object.fromEntries(columns.map((column) => [column.name, fieldOfColumn(column)])),
  };
}

function fieldOfColumn(column: Column): LogField {
  if (column.type === 'JSON') return { type: 'json' };
  if (column.type === 'VARCHAR[]') return texts;
  if (column.type !== 'STRUCT') return text;
  return { type: 'object', fields: Object.fromEntries((column.fields ?? []).map((name) => [name, text])) };
}

/** Why a path names nothing in a scope. */
export interface FieldFlaw {
  readonly hint?: string | undefined;
}

/**
 * The flaw of a path in a scope, `undefined` when it names a field. Below `json`, and below objects and
 * arrays whose inside is not declared, every path does.
 *
 * @param isInElement - The path goes through the elements of a list (`target|any: { type: … }` reads
 * `target.type`), so that a list needs no subscript.
 * @throws MODEL_PATH_INVALID
 */
export function findFieldFlaw(scope: FieldScope, path: string, isInElement = false): FieldFlaw | undefined {
  if (Object.hasOwn(scope.fields, path)) return undefined;
  const steps = parsePath(path);
  let field: LogField = { type: 'object', fields: scope.fields };
  for (const [index, step] of steps.entries()) {
    if (isInElement && field.type === 'array' && typeof step === 'string' && field.items) field = field.items;
    if (field.type === 'json') return undefined;
    const inner = field.type === 'object' ? field.fields : field.items;
    if (inner === undefined && (field.type === 'object' || field.type === 'array')) return undefined;
    if (field.type === 'array' && typeof step === 'string') {
      const list = formatSteps(steps.slice(0, index));
      return {
        hint: `'${list}' is a list: write '${list}[0].${step}' for its first element, or '${list}|any: { ${step}: … }' in a condition.`,
      };
    }
    const next: LogField | undefined = field.type === 'array' ? field.items : ownField(field.fields, step);
    if (next === undefined)
      return { hint: suggestField(scope, path, isInElement) ?? listInside(field, steps.slice(0, index)) };
    field = next;
  }
  return undefined;
}

function ownField(fields: Readonly<Record<string, LogField>> | undefined, step: string | number): LogField | undefined {
  return fields && typeof step === 'string' && Object.hasOwn(fields, step) ? fields[step] : undefined;
}

const pathsOfFields = new WeakMap<object, readonly string[]>();

/** A path that goes on from this one, the nearest, or one that ends in the same name. */
function suggestField(scope: FieldScope, path: string, isInElement: boolean): string | undefined {
  const [first, second] = path.split('.');
  if (first === 'udm' && second !== undefined && Object.hasOwn(commonFields, second)) {
    return `${scope.name} does not say which field that is: map '${second}' under 'model' of the log type.`;
  }
  let paths = pathsOfFields.get(scope.fields);
  if (!paths) {
    paths = listPaths(scope.fields, '');
    pathsOfFields.set(scope.fields, paths);
  }
  const written = path.replaceAll(/\[\d+\]/g, '[0]');
  const last = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  const found =
    paths.find((it) => last.length > 1 && it.startsWith(written)) ??
    nearest(written, paths) ??
    paths.find((it) => it.toLowerCase().endsWith(`.${last}`)) ??
    nearest(last, paths);
  if (found === undefined) return undefined;
  return `Did you mean '${isInElement ? found.slice(found.lastIndexOf('.') + 1) : found}'?`;
}

/** What a path could have gone on with at the step where it went wrong. */
function listInside(field: LogField, before: Path): string | undefined {
  const prefix = before.length === 0 ? '' : `${formatSteps(before)}.`;
  const names = Object.keys(field.fields ?? {}).map((name) => prefix + name);
  if (names.length === 0) return undefined;
  return `Known: ${names.slice(0, 8).join(', ')}${names.length > 8 ? `, … (${names.length} in all)` : ''}.`;
}

function listPaths(fields: Readonly<Record<string, LogField>>, prefix: string): readonly string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const path = `${prefix}${name.replaceAll(/[.[\]\\]/g, '\\$&')}`;
    const items = field.items?.fields ? listPaths(field.items.fields, `${path}[0].`) : [];
    return [path, ...(field.fields ? listPaths(field.fields, `${path}.`) : []), ...items];
  });
}

function formatSteps(steps: Path): string {
  return steps
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${step}`))
    .join('');
}
