import type { LogField } from '../../model/log-type.ts';
import { extractElements, extractJson, extractText, mentionsKey, someOf } from './json-text.ts';
import { type JsonPlan, type JsonStep, planJson } from './plan-json.ts';
import { choose, exactly, joinPrinted, mapPrinted, never, orFalse, type Printed } from './printed.ts';
import type { JsonPlace, RecordScope } from './reading.ts';
import type { Scalar } from './scalar.ts';

/** Deeper than a record may be nested. */
const maxLevels = 64;

/** Whether one of the values at a place passes a test that nothing missing passes. */
export function someValue(place: JsonPlace, scope: RecordScope, test: (scalar: Scalar) => Printed): Printed {
  const plan = planJson(place, true);
  if (plan.isNowhere || plan.end?.type === 'object') return never;
  if (place.texts !== undefined && place.path.length === 0) {
    const text = scope.fresh();
    const passes = orFalse(test({ kind: 'text', text }));
    return orFalse(mapPrinted(passes, (body) => someOf(place.texts as string, text, body)));
  }
  const single = (): Printed => whereMentioned(place, exceptObject(place, plan, orFalse(test(scalarAt(place, plan)))));
  if (plan.arrays === 'never') return single();
  const name = scope.fresh();
  const passes = orFalse(testElement(name, plan.end, test));
  const some = orFalse(mapPrinted(passes, (body) => someOf(listJson(place, plan, scope, false), name, body)));
  return plan.arrays === 'always' ? some : choose(plan.arrays, some, single());
}

/** Whether one of the values at a place is null or missing. */
export function someNull(place: JsonPlace, scope: RecordScope): Printed {
  const plan = planJson(place, true);
  if (plan.isNowhere) return exactly('true');
  const single = exactly(`${extractText(place.json, plan.path)} IS NULL`);
  if (plan.arrays === 'never') return single;
  const name = scope.fresh();
  const isNull = `${name} IS NULL OR json_type(${name}) = 'NULL'`;
  const some = exactly(`coalesce(${someOf(listJson(place, plan, scope, true), name, isNull)}, true)`);
  return plan.arrays === 'always' ? some : choose(plan.arrays, some, single);
}

/** Whether something is there, if only null (or, with `false`, is not); on the way an array stands for its elements. */
export function someExists(place: JsonPlace, scope: RecordScope, value: boolean): Printed {
  const plan = planJson(place, false);
  if (plan.isNowhere) return exactly(String(!value));
  const isThere = (json: string): string => `${json} IS ${value ? 'NOT ' : ''}NULL`;
  const own = place.path.length === 0 && place.isNull;
  const single = own
    ? exactly(value ? `(${isThere(place.json)} OR ${own})` : `(${isThere(place.json)} AND NOT ${own})`)
    : exactly(isThere(extractJson(place.json, plan.path)));
  if (plan.arrays === 'never') return single;
  const name = scope.fresh();
  const some = exactly(`coalesce(${someOf(listJson(place, plan, scope, true), name, isThere(name))}, ${!value})`);
  return plan.arrays === 'always' ? some : choose(plan.arrays, some, single);
}

/** The texts at a place, as a list without NULL; NULL for none. */
export function textsAt(place: JsonPlace, scope: RecordScope): string {
  const plan = planJson(place, true);
  if (plan.isNowhere || plan.end?.type === 'object') return 'NULL::VARCHAR[]';
  const name = scope.fresh();
  const isText = `${name} IS NOT NULL AND json_type(${name}) NOT IN ('OBJECT', 'ARRAY', 'NULL')`;
  const list = `list_filter(${listJson(place, plan, scope, false)}, lambda ${name}: ${isText})`;
  const text = scope.fresh();
  return `list_transform(${list}, lambda ${text}: json_extract_string(${text}, '$'))`;
}

/** The values at a place themselves, arrays not resolved, and a list of them where arrays are on the way. */
export function wholesAt(
  place: JsonPlace,
  scope: RecordScope,
): { readonly plan: JsonPlan; readonly list: () => string } {
  const plan = planJson(place, false);
  return { plan, list: () => listJson(place, plan, scope, true) };
}

/** The values of a plan as a list of JSON. What is missing is a NULL in it, where that is kept. */
function listJson(place: JsonPlace, plan: JsonPlan, scope: RecordScope, keepMissing: boolean): string {
  const { start, rest } = startList(place, plan.steps, keepMissing);
  return rest.reduce(
    (list, step, index) => applyStep(list, step, scope, keepMissing && index < rest.length - 1),
    start,
  );
}

/** A declared array of objects is the common case: one path for its elements and what is read in them. */
function startList(
  place: JsonPlace,
  steps: readonly JsonStep[],
  keepMissing: boolean,
): { readonly start: string; readonly rest: readonly JsonStep[] } {
  const offset = steps[0]?.kind === 'get' ? 1 : 0;
  const [outer, spread, inner] = [offset === 1 ? steps[0] : undefined, steps[offset], steps[offset + 1]];
  if (keepMissing || spread?.kind !== 'spread' || spread.levels !== 'one')
    return { start: `[${place.json}]`, rest: steps };
  const outerPath = outer?.kind === 'get' ? outer.path : [];
  return inner?.kind === 'get'
    ? { start: extractElements(place.json, outerPath, inner.path), rest: steps.slice(offset + 2) }
    : { start: extractElements(place.json, outerPath, []), rest: steps.slice(offset + 1) };
}

function applyStep(list: string, step: JsonStep, scope: RecordScope, keepEmpty: boolean): string {
  if (step.kind === 'get') {
    const name = scope.fresh();
    return `list_transform(${list}, lambda ${name}: ${extractJson(name, step.path)})`;
  }
  if (step.levels === 'one') return spreadOnce(list, scope, keepEmpty);
  const [level, none] = [scope.fresh(), scope.fresh()];
  const levels = `list_resize([${list}], ${maxLevels}, []::JSON[])`;
  return `list_reduce(${levels}, lambda ${level}, ${none}: ${spreadOnce(level, scope, keepEmpty)})`;
}

/** @param keepEmpty - An empty array leaves a NULL. */
function spreadOnce(list: string, scope: RecordScope, keepEmpty: boolean): string {
  const name = scope.fresh();
  const inner = keepEmpty
    ? `CASE WHEN json_array_length(${name}) = 0 THEN [NULL::JSON] ELSE ${extractElements(name, [], [])} END`
    : extractElements(name, [], []);
  return `flatten(list_transform(${list}, lambda ${name}: CASE WHEN json_type(${name}) = 'ARRAY' THEN ${inner} ELSE [${name}] END))`;
}

function scalarAt(place: JsonPlace, plan: JsonPlan): Scalar {
  return scalarOf(extractText(place.json, plan.path), extractJson(place.json, plan.path), plan.end);
}

function scalarOf(text: string, json: string, field: LogField | undefined): Scalar {
  switch (field?.type) {
    case 'string':
      return { kind: 'text', text };
    case 'bigint':
    case 'double':
      return { kind: field.type, value: `TRY_CAST(${text} AS ${field.type.toUpperCase()})` };
    default:
      return { kind: 'json', text, json };
  }
}

function testElement(name: string, field: LogField | undefined, test: (scalar: Scalar) => Printed): Printed {
  const passes = test(scalarOf(`json_extract_string(${name}, '$')`, name, field));
  if (field !== undefined && field.type !== 'json') return passes;
  return joinPrinted('and', [exactly(`json_type(${name}) NOT IN ('OBJECT', 'ARRAY')`), orFalse(passes)]);
}

/** An object has no text, though DuckDB gives it one. */
function exceptObject(place: JsonPlace, plan: JsonPlan, passes: Printed): Printed {
  if (plan.end !== undefined && plan.end.type !== 'json') return passes;
  const last = plan.path.at(-1);
  const mayBe =
    typeof last === 'string'
      ? mentionsKey(place.json, last, '{')
      : `starts_with(${extractText(place.json, plan.path)}, '{')`;
  const type = `json_type(${extractJson(place.json, plan.path)})`;
  const isOther = `CASE WHEN ${mayBe} THEN ${type} IS DISTINCT FROM 'OBJECT' ELSE true END`;
  return joinPrinted('and', [passes, exactly(isOther)]);
}

/** Most records have few of the fields that are not declared: their JSON is parsed where it mentions the field. */
function whereMentioned(place: JsonPlace, passes: Printed): Printed {
  const [name] = place.path;
  const isLarge = place.field === undefined && place.isObject;
  return isLarge && typeof name === 'string' ? choose(mentionsKey(place.json, name), passes, never) : passes;
}
