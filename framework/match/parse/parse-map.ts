import type { Condition } from '../../model/condition.ts';
import { MargayError } from '../../model/margay-error.ts';
import { isRecord, parsePath } from '../../model/path.ts';
import { linkConditions } from './link-conditions.ts';
import { parseTests } from './parse-tests.ts';
import type { Scope } from './scope.ts';

const maxDepth = 10;

/** A map of items, all of which must hold. `undefined` when a problem was reported. */
export function parseMap(map: Readonly<Record<string, unknown>>, scope: Scope): Condition | undefined {
  const entries = Object.entries(map);
  if (entries.length === 0) {
    scope.place.report('MATCH_SELECTION_EMPTY', 'The map is empty: it would match everything.', {
      hint: "Write at least one 'field: value'.",
    });
  }
  const items = entries.flatMap(([key, value]) => parseItem(key, value, scope.at(key)) ?? []);
  return linkConditions(items, 'and');
}

/** A text, number or boolean that is looked for anywhere in the event. */
export function parseKeyword(value: unknown, scope: Scope): Condition | undefined {
  return parseItem('', value, scope);
}

/** One entry of a map: `field|modifier|modifier: value or values`. */
function parseItem(key: string, value: unknown, scope: Scope): Condition | undefined {
  const [field, ...modifiers] = key.split('|') as [string, ...string[]];
  if (field !== '' && !checkField(field, scope)) return undefined;
  if (modifiers.includes('any') || (modifiers.includes('all') && mapsOf(value).length > 0)) {
    return parseElement(field, modifiers, value, scope);
  }
  const { tests, needsAll } = parseTests(field, modifiers, value, scope.place);
  for (const { test, place } of tests) if (test.op === 'fieldref') place.reads(scope.fieldName(test.field));
  return linkConditions(
    tests.map(({ test }) => (field === '' ? { kind: 'keyword', test } : { kind: 'field', field, test })),
    needsAll ? 'and' : 'or',
  );
}

function checkField(field: string, scope: Scope): boolean {
  try {
    parsePath(field);
  } catch (error) {
    if (!(error instanceof MargayError)) throw error;
    scope.place.report('MATCH_FIELD_INVALID', error.message, { hint: error.hint, about: 'key' });
    return false;
  }
  scope.place.reads(scope.fieldName(field));
  return true;
}

/** `field|any: {…}` and `field|all: {…}`, over the elements of an array of objects. */
function parseElement(
  field: string,
  modifiers: readonly string[],
  value: unknown,
  scope: Scope,
): Condition | undefined {
  const quantifier = modifiers.includes('any') ? 'any' : 'all';
  if (modifiers.length > 1 || field === '') {
    const reason = field === '' ? 'needs a field that holds an array' : 'takes no other modifiers';
    scope.place.report('MATCH_MODIFIER_COMBINATION', `'${quantifier}' over elements ${reason}.`, {
      hint: `Write '${field || 'field'}|${quantifier}: { name|contains: x }'.`,
      about: 'key',
    });
    return undefined;
  }
  const inner = scope.inside(field);
  if (inner.depth > maxDepth) {
    scope.place.report('MATCH_TOO_DEEP', `Arrays of objects are nested more than ${maxDepth} deep.`, {
      hint: 'Write one level, with dotted paths.',
    });
    return undefined;
  }
  if (isRecord(value)) return wrap(field, quantifier, parseMap(value, inner));
  const maps = mapsOf(value);
  if (quantifier === 'any' && Array.isArray(value) && maps.length > 0 && maps.length === value.length) {
    return wrap(field, quantifier, parseMaps(maps, inner));
  }
  scope.place.report('MATCH_VALUE_TYPE', `'${quantifier}' over elements takes ${expected[quantifier]}.`, {
    hint: `Write '${field}|${quantifier}: { name: value }'; for an array of plain values, '${field}: value' is enough.`,
  });
  return undefined;
}

const expected = {
  any: 'a map that one element must satisfy, or a list of maps one of which it must',
  all: 'one map, which each element must satisfy',
};

function parseMaps(maps: readonly Readonly<Record<string, unknown>>[], scope: Scope): Condition | undefined {
  return linkConditions(
    maps.flatMap((map, index) => parseMap(map, scope.at(index)) ?? []),
    'or',
  );
}

function wrap(field: string, quantifier: 'any' | 'all', of: Condition | undefined): Condition | undefined {
  return of && { kind: 'element', field, quantifier, of };
}

function mapsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return (Array.isArray(value) ? value : [value]).filter(isRecord);
}
