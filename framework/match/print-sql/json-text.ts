import type { Path } from '../../model/path.ts';
import { textConstant } from './literal.ts';

/** What stands at a path of a JSON value, as JSON; NULL where it leads nowhere. */
export function extractJson(json: string, path: Path): string {
  return extract('json_extract', json, path);
}

/** The text of what stands at a path; NULL where it is null, or the path leads nowhere. */
export function extractText(json: string, path: Path): string {
  return extract('json_extract_string', json, path);
}

/** What stands at a path in each element of the array at another, as a list without what is missing. */
export function extractElements(json: string, array: Path, path: Path): string {
  if (array.includes('*')) return extractElements(extractJson(json, array), [], path);
  if (!path.includes('*'))
    return `json_extract(${json}, ${textConstant(`${pathText(array)}[*]${pathText(path).slice(1)}`)})`;
  return `list_transform(${extractElements(json, array, [])}, lambda margay_i: ${extractJson('margay_i', path)})`;
}

function extract(name: string, json: string, path: Path): string {
  const star = path.lastIndexOf('*');
  // In a path, a star means every field. A pointer takes it for a name, and for no place of an array.
  if (star >= 0) {
    const inner = path.slice(0, star).length > 0 ? extractJson(json, path.slice(0, star)) : json;
    const rest = path.slice(star + 1);
    return rest.length === 0 ? `${name}(${inner}, '/*')` : extract(name, `json_extract(${inner}, '/*')`, rest);
  }
  return `${name}(${json}, ${textConstant(pathText(path))})`;
}

/** `$."target"[0]."id"` */
function pathText(path: Path): string {
  return `$${path.map((step) => (typeof step === 'number' ? `[${step}]` : `."${step.replaceAll(/[\\"]/g, '\\$&')}"`)).join('')}`;
}

/** Whether a JSON object has a key. The text is searched first, which is faster than parsing it. */
export function hasKey(json: string, key: string): string {
  return `CASE WHEN ${mentionsKey(json, key)} THEN ${extractJson(json, [key])} IS NOT NULL ELSE false END`;
}

/**
 * Whether the text of a JSON value has a key somewhere, in front of a value that begins so. JSON of the lake has no
 * blanks, and a quotation mark within a text is escaped, so that only a key is found.
 */
export function mentionsKey(json: string, key: string, valueStart = ''): string {
  return `contains(${json}, ${textConstant(`${jsonEscape(key, true)}:${valueStart}`)})`;
}

/** A text as the lake's JSON spells it. */
export function jsonEscape(text: string, withQuotes = false): string {
  const escaped = JSON.stringify(text).replaceAll(/\\u00[0-9a-f]{2}|\\./g, (found) =>
    found.startsWith('\\u') ? `\\u${found.slice(2).toUpperCase()}` : found,
  );
  return withQuotes ? escaped : escaped.slice(1, -1);
}

/**
 * An expression over a value that is worked out once. A list of one, because that is how SQL names a value within an
 * expression.
 */
export function bindValue(sql: string, print: (name: string) => string): string {
  if (/^(?:"[^"]*"|\w+)$/.test(sql)) return print(sql);
  return `list_transform([${sql}], lambda margay_v: ${print('margay_v')})[1]`;
}

/** Whether some element of a list satisfies a body. False for an empty list, NULL for none. */
export function someOf(list: string, name: string, body: string): string {
  return `len(list_filter(${list}, lambda ${name}: ${body})) > 0`;
}
