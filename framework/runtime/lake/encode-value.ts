import { isCanonicalTime } from '../../model/iso-time.ts';
import { isRecord } from '../../model/path.ts';
import type { SqlType } from '../../model/table.ts';

/** A value as JSON text for a column; `undefined` where it does not fit the column's type, or JSON can't say it. */
export type EncodeValue = (value: unknown) => string | undefined;

/** How values are encoded, by the type of the column. */
export const encodeValue: Readonly<Record<SqlType, EncodeValue>> = {
  VARCHAR: (value) => (typeof value === 'string' ? encodeText(value) : undefined),
  BIGINT: (value) =>
    typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? String(value) : undefined,
  DOUBLE: (value) => (typeof value === 'number' ? JSON.stringify(value) : undefined),
  BOOLEAN: (value) => (typeof value === 'boolean' ? String(value) : undefined),
  TIMESTAMP: (value) => (typeof value === 'string' ? encodeTime(value) : undefined),
  'VARCHAR[]': (value) => (Array.isArray(value) ? encodeTexts(value) : undefined),
  STRUCT: (value) => (isRecord(value) ? encodeStruct(value) : undefined),
  JSON: encodeJson,
};

/** What JSON has to spell otherwise, or may not hold. */
const needsEscape = /["\\\p{Cc}\p{Surrogate}]/u;

function encodeText(text: string): string {
  return needsEscape.test(text) ? withoutLoneSurrogates(JSON.stringify(text)) : `"${text}"`;
}

function encodeTime(text: string): string | undefined {
  if (isCanonicalTime(text)) return `"${text}"`;
  if (!/^\d{4}-/.test(text)) return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : `"${time.toISOString()}"`;
}

function encodeTexts(values: readonly unknown[]): string | undefined {
  let text = '[';
  for (const value of values) {
    if (typeof value !== 'string' && value !== null) return undefined;
    text += `${text.length > 1 ? ',' : ''}${value === null ? 'null' : encodeText(value)}`;
  }
  return `${text}]`;
}

function encodeStruct(fields: Readonly<Record<string, unknown>>): string | undefined {
  let text = '{';
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value === undefined) continue;
    if (typeof value !== 'string' && value !== null) return undefined;
    text += `${text.length > 1 ? ',' : ''}${encodeText(name)}:${value === null ? 'null' : encodeText(value)}`;
  }
  return `${text}}`;
}

function encodeJson(value: unknown): string | undefined {
  try {
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? undefined : withoutLoneSurrogates(text);
  } catch {
    return undefined; // too deep, circular, a BigInt
  }
}

/** JSON may spell half a character; DuckDB's reader refuses the whole file then. */
function withoutLoneSurrogates(json: string): string {
  if (!json.includes('\\ud')) return json;
  return json.replaceAll(/\\(?:u(d[89a-f][0-9a-f]{2})|.)/g, (found, surrogate) => (surrogate ? '\\ufffd' : found));
}
