import type { PatternPart } from '../../model/condition.ts';

/** Any run of characters. */
export const many: PatternPart = { wild: 'many' };

const one: PatternPart = { wild: 'one' };

/**
 * The parts of a Sigma string. `*` and `?` are wildcards; a backslash escapes `*`, `?` and itself, and is
 * literal before anything else. Neighbouring `*` are one.
 *
 * @source pySigma, `SigmaString`.
 */
export function parsePattern(text: string): readonly PatternPart[] {
  const parts: PatternPart[] = [];
  let literal = '';
  const flush = (): void => {
    if (literal !== '') parts.push(literal);
    literal = '';
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    const next = text[i + 1];
    if (char === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      i++;
    } else if (char === '*' || char === '?') {
      flush();
      if (char === '?') parts.push(one);
      else if (parts.at(-1) !== many) parts.push(many);
    } else {
      literal += char;
    }
  }
  flush();
  return parts;
}

/** The pattern with `*` before it, after it, or both, unless it is there already. */
export function openPattern(
  parts: readonly PatternPart[],
  open: { readonly before: boolean; readonly after: boolean },
): readonly PatternPart[] {
  const before = open.before && !isMany(parts[0]) ? [many] : [];
  const after = open.after && !isMany(parts.at(-1)) && !(parts.length === 0 && open.before) ? [many] : [];
  return [...before, ...parts, ...after];
}

/** Whether a part is `*`. */
export function isMany(part: PatternPart | undefined): boolean {
  return typeof part === 'object' && part.wild === 'many';
}
