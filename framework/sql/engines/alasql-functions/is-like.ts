import { Unproven } from '../../print-alasql/unproven.ts';

type Part = { readonly literal: string } | 'one' | 'many';

/** Whether a text matches a LIKE pattern: `%` any run, `_` one code point, case-sensitive. Linear per `%`. */
export function isLike(text: string, pattern: string, escapeChar: string | undefined): boolean {
  const points = Array.from(text);
  const parts = parsePattern(pattern, escapeChar);
  let at = 0;
  let part = 0;
  let retry: { part: number; at: number } | undefined;
  while (at < points.length) {
    const wanted = parts[part];
    if (wanted === 'many') {
      retry = { part, at };
      part++;
    } else if (wanted !== undefined && (wanted === 'one' || wanted.literal === points[at])) {
      part++;
      at++;
    } else if (retry !== undefined) {
      retry = { part: retry.part, at: retry.at + 1 };
      part = retry.part + 1;
      at = retry.at;
    } else {
      return false;
    }
  }
  return parts.slice(part).every((rest) => rest === 'many');
}

function parsePattern(pattern: string, escapeChar: string | undefined): readonly Part[] {
  if (escapeChar !== undefined && Array.from(escapeChar).length !== 1)
    throw new Unproven('the escape of LIKE is not one character');
  const parts: Part[] = [];
  let isEscaped = false;
  for (const point of pattern) {
    if (isEscaped) {
      parts.push({ literal: point });
      isEscaped = false;
    } else if (point === escapeChar) {
      isEscaped = true;
    } else {
      parts.push(point === '%' ? 'many' : point === '_' ? 'one' : { literal: point });
    }
  }
  if (isEscaped) throw new Unproven('a LIKE pattern ends in its escape character');
  return parts;
}
