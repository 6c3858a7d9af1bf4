import { Unproven } from '../../print-alasql/unproven.ts';
import { isLike } from './is-like.ts';

type Text = string | null | undefined;

/** A function of texts that gives NULL for a NULL. */
function strict<Result>(run: (...texts: readonly string[]) => Result): (...texts: readonly Text[]) => Result | null {
  return (...texts) => (texts.some((text) => text == null) ? null : run(...(texts as readonly string[])));
}

/** DuckDB maps code point by code point; JavaScript also by context and to several ones. */
function mapCase(text: string, map: (point: string) => string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII.
  if (/^[\x00-\x7f]*$/.test(text)) return map(text);
  return Array.from(text, (point) => {
    const mapped = map(point);
    if (Array.from(mapped).length === 1) return mapped;
    throw new Unproven(`it changes the case of '${point}'`);
  }).join('');
}

function lower(text: string): string {
  return mapCase(text, (point) => point.toLowerCase());
}

/** By code points; a start below 1 takes from the length, a negative one counts from the end. */
function substring(text: Text, start: number | null | undefined, length?: number | null): Text {
  if (text == null || start == null || length === null) return null;
  if (start < 1 || (length !== undefined && length < 0))
    throw new Unproven('it takes a substring from before the start');
  return Array.from(text)
    .slice(start - 1, length === undefined ? undefined : start - 1 + length)
    .join('');
}

function position(text: string, part: string): number {
  const index = text.indexOf(part);
  return index < 0 ? 0 : Array.from(text.slice(0, index)).length + 1;
}

/** Counts from 1; a negative one counts from the end, and what is not there is empty. */
function splitPart(text: Text, separator: Text, index: number | null | undefined): Text {
  if (text == null || separator == null || index == null) return null;
  if (separator === '' || index === 0) throw new Unproven('it splits by nothing, or takes part 0');
  return text.split(separator).at(index > 0 ? index - 1 : index) ?? '';
}

/** Functions of texts. Lengths and positions count code points. */
export const text = {
  m_lower: strict((one) => lower(one as string)),
  m_upper: strict((one) => mapCase(one as string, (point) => point.toUpperCase())),
  m_trim: strict((one) => (one as string).replace(/^\p{Zs}+|\p{Zs}+$/gu, '')),
  m_ltrim: strict((one) => (one as string).replace(/^\p{Zs}+/u, '')),
  m_rtrim: strict((one) => (one as string).replace(/\p{Zs}+$/u, '')),
  m_length: strict((one) => Array.from(one as string).length),
  m_replace: strict((one, part, by) => (part === '' ? one : (one as string).split(part as string).join(by))),
  m_substring: substring,
  m_starts_with: strict((one, part) => (one as string).startsWith(part as string)),
  m_ends_with: strict((one, part) => (one as string).endsWith(part as string)),
  m_contains: strict((one, part) => (one as string).includes(part as string)),
  m_split_part: splitPart,
  m_position: strict((one, part) => position(one as string, part as string)),
  m_like: strict((one, pattern, escapeChar) => isLike(one as string, pattern as string, escapeChar)),
  m_ilike: strict((one, pattern) => isLike(lower(one as string), lower(pattern as string), undefined)),
  /** `||`: NULL as soon as one is NULL. */
  m_join: strict((...texts) => texts.join('')),
  /** `concat`: NULLs are left out. */
  m_concat: (...texts: readonly Text[]): string => texts.map((one) => one ?? '').join(''),
  /** A text whose characters the printed SQL does not hold as they are. */
  m_text: (encoded: string): string => decodeURIComponent(encoded),
};
