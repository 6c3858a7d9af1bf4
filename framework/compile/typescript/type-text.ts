import type { ContextColumn, ContextType } from '../../model/detection.ts';
import type { FieldType, LogField } from '../../model/log-type.ts';
import type { Column, SqlType } from '../../model/table.ts';

/** A member of an object type, as text. */
export interface Member {
  readonly name: string;
  readonly type: string;
  readonly isOptional?: boolean;
  readonly description?: string | undefined;
}

/** `{ … }` over several lines, in the order given; its closing brace stands at `indent`. */
export function objectType(members: readonly Member[], indent: string): string {
  return `{\n${members.map((member) => memberLines(member, `${indent}  `)).join('')}${indent}}`;
}

/** A member with its docstring. */
export function memberLines({ name, type, isOptional, description }: Member, indent: string): string {
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
  return `${docLine(description, indent)}${indent}readonly ${key}${isOptional ? '?' : ''}: ${type};\n`;
}

/** A docstring on one line, or nothing. */
export function docLine(text: string | undefined, indent: string): string {
  const line = text?.replaceAll(/\s+/g, ' ').replaceAll('*/', '*\\/').trim();
  return line ? `${indent}/** ${line} */\n` : '';
}

/** A text as a single-quoted literal. */
export function quote(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

const scalars = {
  string: 'string',
  bigint: 'number',
  double: 'number',
  boolean: 'boolean',
  timestamp: 'string',
  json: 'unknown',
} as const satisfies Readonly<Record<ContextType, string>>;

/**
 * Fields of a log, sorted. A record may lack any of them, or hold null, whatever its vendor says; elements of arrays
 * are taken to be there. Times are as the vendor writes them, text or epoch number.
 */
export function fieldMembers(fields: Readonly<Record<string, LogField>>, indent: string): readonly Member[] {
  return sortedEntries(fields).map(([name, field]) => {
    const type = fieldType(field, indent);
    return { name, type: orNull(type), isOptional: true, description: field.description };
  });
}

function fieldType(field: LogField, indent: string): string {
  if (field.type === 'array') {
    return `readonly ${field.items ? inArray(fieldType(field.items, indent)) : 'unknown'}[]`;
  }
  if (field.type === 'timestamp') return 'string | number';
  if (field.type !== 'object')
    return scalars[field.type satisfies Exclude<FieldType, 'array' | 'object' | 'timestamp'>];
  return field.fields
    ? objectType(fieldMembers(field.fields, `${indent}  `), indent)
    : '{ readonly [name: string]: unknown }';
}

function inArray(type: string): string {
  return /^readonly | \| /.test(type) && !type.startsWith('{') ? `(${type})` : type;
}

/**
 * Columns of `p_alert_context`, sorted. One that the YAML reads from a path need not be returned; another must
 * be, so that a misspelt name is an error.
 */
export function contextMembers(columns: Readonly<Record<string, ContextColumn>>): readonly Member[] {
  return sortedEntries(columns).map(([name, { from, type }]) => ({
    name,
    type: type === 'json' ? scalars.json : `${scalars[type]} | null | undefined`,
    isOptional: from !== undefined,
    description: from === undefined ? undefined : `Read from \`${from}\` where this is undefined.`,
  }));
}

const columnTypes: Readonly<Record<Exclude<SqlType, 'STRUCT'>, string>> = {
  VARCHAR: 'string',
  BIGINT: 'number',
  DOUBLE: 'number',
  BOOLEAN: 'boolean',
  TIMESTAMP: 'string',
  JSON: 'unknown',
  'VARCHAR[]': 'readonly string[]',
};

/** Columns of a query's result, in its order. Times are ISO 8601 texts. */
export function rowMembers(columns: readonly Column[], indent: string): readonly Member[] {
  return columns.map((column) => {
    const fields = (column.fields ?? []).map((name) => ({ name, type: 'string | null' }));
    const type = column.type === 'STRUCT' ? objectType(fields, `${indent}  `) : columnTypes[column.type];
    return {
      name: column.name,
      type: (column.nullable ?? true) ? orNull(type) : type,
      description: column.description,
    };
  });
}

function orNull(type: string): string {
  return type === 'unknown' ? type : `${type} | null`;
}

function sortedEntries<T>(record: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
