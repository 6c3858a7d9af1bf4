import { isRecord } from '../../model/path.ts';
import type { DraftValue } from '../modifiers/modifier.ts';
import type { Place } from '../path-problem.ts';
import { parsePattern } from './parse-pattern.ts';

const maxPatternLength = 65_536;
/** A piece with `?` is compared at every place of the text, so that its length counts. */
const maxLengthWithOne = 256;

/** The values of an item, a single one or a list, with what is wrong with them reported. */
export function readValues(value: unknown, place: Place): readonly DraftValue[] {
  if (!Array.isArray(value)) return readValue(value, place) ?? [];
  if (value.length === 0) {
    place.report('MATCH_VALUE_EMPTY_LIST', 'The list of values is empty; it is read as null: a missing field.', {
      hint: 'Write null, or the values.',
      severity: 'finding',
    });
    return [{ kind: 'null', place }];
  }
  if (value.length > 1 && value.includes(null)) {
    place.report('MATCH_NULL_IN_LIST', 'Sigma does not allow null in a list of values; it is read as "or missing".', {
      hint: 'Write a second selection with null, and join the two by `or`.',
      severity: 'finding',
    });
  }
  return value.flatMap((element: unknown, index) => readValue(element, place.at(index)) ?? []);
}

function readValue(value: unknown, place: Place): readonly [DraftValue] | undefined {
  if (value === null) return [{ kind: 'null', place }];
  if (typeof value === 'string') return readText(value, place);
  if (typeof value === 'number') return readNumber(value, place);
  if (typeof value === 'bigint') return [{ kind: 'number', value: String(value), place }];
  if (typeof value === 'boolean') return [{ kind: 'boolean', value, place }];
  place.report('MATCH_VALUE_TYPE', `A value must be a text, a number, a boolean or null; found ${describe(value)}.`, {
    hint: isRecord(value)
      ? "Write the path with dots ('actor.id: x'), or 'field|any: {…}' for the elements of an array."
      : 'Write a list of plain values.',
  });
  return undefined;
}

function readText(text: string, place: Place): readonly [DraftValue] | undefined {
  const parts = parsePattern(text);
  const longest = parts.some((part) => typeof part === 'object' && part.wild === 'one')
    ? maxLengthWithOne
    : maxPatternLength;
  if (text.length <= longest) return [{ kind: 'text', text, parts, place }];
  place.report(
    'MATCH_PATTERN_TOO_LONG',
    `The value has ${text.length} characters; at most ${longest} are allowed here.`,
    {
      hint:
        longest === maxLengthWithOne
          ? 'Replace ? by *, or write \\? for a question mark.'
          : 'Shorten it, or use |contains on a part.',
    },
  );
  return undefined;
}

function readNumber(value: number, place: Place): readonly [DraftValue] | undefined {
  if (!Number.isFinite(value)) {
    place.report('MATCH_VALUE_TYPE', `${value} is a number that no event can hold.`, {
      hint: 'Write a finite number, or put a text in quotes.',
    });
    return undefined;
  }
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    place.report('MATCH_NUMBER_INEXACT', `The number ${value} is beyond 2^53 and has been rounded.`, {
      hint: 'Put it in quotes: it is then compared digit by digit.',
    });
    return undefined;
  }
  return [{ kind: 'number', value, place }];
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list in a list';
  if (value instanceof Date) return 'a date';
  return isRecord(value) ? 'a map' : String(typeof value);
}
