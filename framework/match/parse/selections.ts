import type { Condition } from '../../model/condition.ts';
import { suggest } from '../../model/suggest.ts';
import type { Place } from '../path-problem.ts';
import { linkConditions } from './link-conditions.ts';
import type { Token } from './tokenise-condition.ts';

/** The selections of a detection, by name, as conditions refer to them. */
export interface Selections {
  names(): readonly string[];
  /** The selection that a name stands for; an unknown name is reported. */
  resolve(name: Token, place: Place): Condition | undefined;
  /** The selections that a pattern (or `them`) stands for, joined. Names that start with `_` are left out. */
  select(pattern: Token, kind: 'and' | 'or', place: Place): Condition | undefined;
  /** The names that no condition has used. */
  unused(): readonly string[];
}

/** @param parsed - Name → condition; `undefined` for a selection whose problems were reported. */
export function makeSelections(parsed: ReadonlyMap<string, Condition | undefined>): Selections {
  const used = new Set<string>();
  return {
    names: () => [...parsed.keys()],
    unused: () => [...parsed.keys()].filter((name) => !used.has(name) && !name.startsWith('_')),
    resolve({ text, offset }, place) {
      if (!parsed.has(text)) {
        place.report('MATCH_SELECTION_UNKNOWN', `There is no selection '${text}'.`, {
          hint: suggest(text, [...parsed.keys()]),
          offset,
        });
        return undefined;
      }
      used.add(text);
      return parsed.get(text);
    },
    select({ text, offset }, kind, place) {
      const names = [...parsed.keys()].filter((name) => !name.startsWith('_') && isMatch(name, text));
      if (names.length === 0) {
        place.report('MATCH_SELECTOR_EMPTY', `No selection is named like '${text}'.`, {
          hint: `Selections: ${[...parsed.keys()].join(', ')}. Names that start with _ are left out.`,
          offset,
        });
        return undefined;
      }
      for (const name of names) used.add(name);
      const conditions = names.flatMap((name) => parsed.get(name) ?? []);
      return conditions.length === names.length ? linkConditions(conditions, kind) : undefined;
    },
  };
}

function isMatch(name: string, pattern: string): boolean {
  if (pattern.toLowerCase() === 'them') return true;
  const pieces = pattern.split('*');
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)];
  if (pieces.length === 1) return name === pattern;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    at = name.indexOf(piece, at);
    if (at < 0 || at + piece.length > name.length - last.length) return false;
    at += piece.length;
  }
  return true;
}
