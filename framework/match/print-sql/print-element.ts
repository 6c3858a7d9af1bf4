import { elementScope } from './element-scope.ts';
import { extractJson, someOf } from './json-text.ts';
import { always, choose, exactly, joinPrinted, mapPrinted, never, not, orFalse, type Printed } from './printed.ts';
import { wholesAt } from './read-json.ts';
import type { JsonPlace, Reading, RecordScope } from './reading.ts';

/**
 * Whether one element of an array satisfies a condition, or each does and there is one. A single object stands for
 * a list of one.
 */
export function printElement(
  reading: Reading,
  quantifier: 'any' | 'all',
  scope: RecordScope,
  printOf: (scope: RecordScope) => Printed,
): Printed {
  switch (reading.kind) {
    case 'nothing':
    case 'scalar':
      return never;
    case 'either':
      return choose(
        reading.when,
        printElement(reading.ifSo, quantifier, scope, printOf),
        printElement(reading.otherwise, quantifier, scope, printOf),
      );
    case 'json':
      return printJson(reading, quantifier, scope, printOf);
  }
}

function printJson(
  place: JsonPlace,
  quantifier: 'any' | 'all',
  scope: RecordScope,
  printOf: (scope: RecordScope) => Printed,
): Printed {
  const { plan, list } = wholesAt(place, scope);
  if (plan.isNowhere) return never;
  const items = plan.end?.type === 'array' ? plan.end.items : plan.end;
  const element = scope.fresh();
  const holds = joinPrinted('and', [
    exactly(`coalesce(json_type(${element}) = 'OBJECT', false)`),
    printOf(elementScope(element, items, scope)),
  ]);
  const whole = (json: string): Printed => {
    const elements = `CASE WHEN json_type(${json}) = 'ARRAY' THEN json_extract(${json}, '$[*]') ELSE [${json}] END`;
    const some = (body: Printed): Printed => orFalse(mapPrinted(body, (sql) => someOf(elements, element, sql)));
    if (quantifier === 'any') return some(holds);
    return joinPrinted('and', [some(always), not(some(not(holds)))]);
  };
  const single = whole(place.path.length === 0 ? place.json : extractJson(place.json, place.path));
  if (plan.arrays === 'never') return single;
  const value = scope.fresh();
  const some = orFalse(mapPrinted(whole(value), (sql) => someOf(list(), value, sql)));
  return plan.arrays === 'always' ? some : choose(plan.arrays, some, single);
}
