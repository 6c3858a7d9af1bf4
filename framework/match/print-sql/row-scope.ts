import { commonFields } from '../../model/common-fields.ts';
import { indicatorFieldNames } from '../../model/indicators.ts';
import type { LogField, LogType } from '../../model/log-type.ts';
import { type Path, parsePath } from '../../model/path.ts';
import { quoteName } from '../../model/quote-sql.ts';
import { hasKey } from './json-text.ts';
import { textConstant } from './literal.ts';
import type { Leaves, Reading, RecordScope } from './reading.ts';
import type { Scalar } from './scalar.ts';

/** The column of all fields that the log type does not declare, and of what a declared field's column can't hold. */
const extraColumn = '"p_extra"';

const texts: LogField = { type: 'array', items: { type: 'string' } };
const udm: LogField = {
  type: 'object',
  fields: Object.fromEntries(Object.keys(commonFields).map((name) => [name, { type: 'string' }])),
};
const standardTexts: ReadonlySet<string> = new Set(['p_log_type', 'p_row_id', 'p_source']);
const standardTimes: ReadonlySet<string> = new Set(['p_event_time', 'p_parse_time']);
const indicators: ReadonlySet<string> = new Set(indicatorFieldNames);

/** The scope of the event itself: a row of the log type's table. */
export function rowScope(logType: LogType): RecordScope {
  let names = 0;
  return {
    leaves: () => [
      ...Object.entries(logType.fields).map(
        ([name, { type }]): Leaves =>
          type === 'object' || type === 'array' || type === 'json'
            ? { kind: 'tree', json: quoteName(name) }
            : { kind: 'field', reading: readColumn(name, [], logType) },
      ),
      { kind: 'tree', json: extraColumn },
    ],
    fresh: () => `margay_${++names}`,
    read: (field) => {
      const path = parsePath(field);
      const [name, ...rest] = path as [string, ...(string | number)[]];
      if (rest.length === 0 && name === field) return readColumn(name, [], logType);
      // Without declaration, a key that spells the whole path is in p_extra.
      const isDeclared = Object.hasOwn(logType.fields, field);
      const when = isDeclared
        ? `(${quoteName(field)} IS NOT NULL OR ${hasKey(extraColumn, field)})`
        : hasKey(extraColumn, field);
      const otherwise = readColumn(name, rest, logType);
      return isReserved(field) ? otherwise : { kind: 'either', when, ifSo: readColumn(field, [], logType), otherwise };
    },
  };
}

/** No record has such a key: ours are written by us alone. */
function isReserved(field: string): boolean {
  return field.startsWith('p_') || field.startsWith('udm.');
}

function readColumn(name: string, rest: Path, logType: LogType): Reading {
  const column = quoteName(name);
  if (name === 'udm') return readCommon(rest);
  if (standardTexts.has(name)) return readScalar({ kind: 'text', text: column }, rest, 'true');
  if (standardTimes.has(name)) return readScalar({ kind: 'text', text: isoText(column) }, rest, 'true');
  if (indicators.has(name))
    return { kind: 'json', json: `to_json(${column})`, path: rest, field: texts, isObject: false, texts: column };
  const field = Object.hasOwn(logType.fields, name) ? logType.fields[name] : undefined;
  if (field === undefined) {
    if (name.startsWith('p_')) return { kind: 'nothing' };
    return { kind: 'json', json: extraColumn, path: [name, ...rest], field: undefined, isObject: true };
  }
  return readDeclared(name, field, rest);
}

function readDeclared(name: string, field: LogField, rest: Path): Reading {
  const column = quoteName(name);
  const exists = `(${column} IS NOT NULL OR ${hasKey(extraColumn, name)})`;
  switch (field.type) {
    case 'string':
      return readScalar({ kind: 'text', text: column }, rest, exists);
    case 'bigint':
    case 'double':
    case 'boolean':
      return readScalar({ kind: field.type, value: column }, rest, exists);
    case 'timestamp':
      // Where the vendor wrote it otherwise than the column gives it back, p_extra has it.
      return {
        kind: 'either',
        when: hasKey(extraColumn, name),
        ifSo: {
          kind: 'json',
          json: extraColumn,
          path: [name, ...rest],
          field: { type: 'object', fields: { [name]: field } },
          isObject: true,
        },
        otherwise: readScalar({ kind: 'text', text: isoText(column) }, rest, `${column} IS NOT NULL`),
      };
    case 'object':
    case 'array':
    case 'json':
      return { kind: 'json', json: column, path: rest, field, isObject: false, isNull: hasKey(extraColumn, name) };
  }
}

function readCommon(rest: Path): Reading {
  const [name, ...further] = rest;
  // The struct has a NULL for each field that the event has not.
  if (name === undefined) {
    return { kind: 'json', json: `json_merge_patch('{}', to_json("udm"))`, path: [], field: udm, isObject: true };
  }
  if (typeof name !== 'string' || !Object.hasOwn(commonFields, name)) return { kind: 'nothing' };
  const column = `struct_extract("udm", ${textConstant(name)})`;
  return readScalar({ kind: 'text', text: column }, further, `${column} IS NOT NULL`);
}

function readScalar(scalar: Scalar, rest: Path, exists: string): Reading {
  return rest.length > 0 ? { kind: 'nothing' } : { kind: 'scalar', scalar, exists };
}

/** A time as events hold it. */
function isoText(column: string): string {
  return `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%gZ')`;
}
