import type { Condition } from '../../model/condition.ts';
import { isRecord } from '../../model/path.ts';
import { linkConditions } from './link-conditions.ts';
import { parseKeyword, parseMap } from './parse-map.ts';
import type { Scope } from './scope.ts';

/**
 * A selection: a map (all items must hold), a list of maps (one of them), or keywords, a text or a list of
 * them (one of them, anywhere in the event). Maps and keywords may be mixed in a list.
 */
export function parseSelection(value: unknown, scope: Scope): Condition | undefined {
  if (!Array.isArray(value)) return parseEntry(value, scope);
  if (value.length === 0) return refuseEmpty(scope);
  return linkConditions(
    value.flatMap((element: unknown, index) => parseEntry(element, scope.at(index)) ?? []),
    'or',
  );
}

function parseEntry(value: unknown, scope: Scope): Condition | undefined {
  if (value instanceof Date || Array.isArray(value)) return refuseType(scope);
  if (isRecord(value)) return parseMap(value, scope);
  if (value === null || value === undefined) return refuseEmpty(scope);
  return parseKeyword(value, scope);
}

function refuseEmpty(scope: Scope): undefined {
  scope.place.report('MATCH_SELECTION_EMPTY', 'The selection is empty: it would match every event.', {
    hint: "Write at least one 'field: value'.",
  });
}

function refuseType(scope: Scope): undefined {
  scope.place.report('MATCH_SELECTION_TYPE', 'A selection is a map, a list of maps, or keywords.', {
    hint: "Write 'field: value' pairs, or a list of them.",
  });
}
