import { Unproven } from '../../print-alasql/unproven.ts';

/**
 * The order of two values of one type, as DuckDB has it: texts by code point, not by UTF-16 unit as
 * JavaScript has it; false before true. Negative, zero or positive.
 */
export function compareValues(left: unknown, right: unknown): number {
  const a = sortKey(left);
  const b = sortKey(right);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A number or text that JavaScript orders as DuckDB orders the value. */
export function sortKey(value: unknown): number | string {
  switch (typeof value) {
    case 'string':
      return codePointOrder(value);
    case 'boolean':
      return value ? 1 : 0;
    case 'number':
      if (Number.isFinite(value)) return value;
      throw new Unproven('it computes with infinity or NaN');
    default:
      throw new Unproven(`it compares values of type ${typeof value}`);
  }
}

const surrogateOrAbove = /[\ud800-\uffff]/g;

/** Moves surrogates above U+FFFF's neighbours, so that unit order is code-point order. */
function codePointOrder(text: string): string {
  return text.replaceAll(surrogateOrAbove, (unit) => {
    const code = unit.charCodeAt(0);
    return String.fromCharCode(code >= 0xe000 ? code - 0x800 : code + 0x2000);
  });
}
