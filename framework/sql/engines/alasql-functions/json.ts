import { isRecord } from '../../../model/path.ts';
import { Unproven } from '../../print-alasql/unproven.ts';

/** The value that keys and indexes lead to; `undefined` where they lead nowhere. */
function getJson(value: unknown, ...steps: readonly (string | number)[]): unknown {
  return steps.reduce<unknown>((inner, step) => {
    if (typeof step === 'number') return Array.isArray(inner) ? inner[step] : undefined;
    return isRecord(inner) && Object.hasOwn(inner, step) ? inner[step] : undefined;
  }, value);
}

/** A value as JSON text (without what is undefined), byte for byte as DuckDB writes it. */
function jsonText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (isRecord(value)) {
    return `{${Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([key, one]) => `${stringText(key)}:${jsonText(one)}`)
      .join(',')}}`;
  }
  if (typeof value === 'string') return stringText(value);
  return typeof value === 'number' ? numberText(value) : String(value);
}

function stringText(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are escaped differently.
  if (/[\x00-\x1f\x7f-\x9f\u2028\u2029]/.test(value)) throw new Unproven('it reads JSON text with control characters');
  return JSON.stringify(value);
}

function numberText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size > 1e15))
    throw new Unproven('it reads very large or small numbers from JSON as text');
  return String(value === 0 ? 0 : value);
}

/** JSON values are JavaScript's; they become text where SQL sees them. */
export const json = {
  /** `->>`: NULL for JSON's null too. */
  m_json_get: (value: unknown, ...steps: readonly (string | number)[]): string | null => {
    const found = getJson(value, ...steps);
    if (found == null) return null;
    return typeof found === 'string' ? found : jsonText(found);
  },
  /** JSON that a subquery gives is its text. */
  m_json_parse: (text: string | null | undefined): unknown => (text == null ? null : JSON.parse(text)),
  m_json_text: (value: unknown): string | null => (value == null ? null : jsonText(value)),
  m_field: (value: unknown, name: string): unknown => getJson(value, name) ?? null,
};
