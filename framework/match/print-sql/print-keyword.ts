import type { ScalarTest } from '../evaluate/compile-test.ts';
import { foldCase } from '../evaluate/fold-case.ts';
import { splitPieces } from '../evaluate/match-pattern.ts';
import { foldText } from './fold-text.ts';
import { jsonEscape, someOf } from './json-text.ts';
import { textConstant } from './literal.ts';
import { printAnyOf } from './print-field.ts';
import { exactly, joinPrinted, mapPrinted, orFalse, type Printed } from './printed.ts';
import type { RecordScope } from './reading.ts';
import { printTests } from './tests/print-test.ts';

/** Whether some value of the record, at any depth, passes one of the tests. What we add to it is not looked at. */
export function printKeyword(tests: readonly ScalarTest[], scope: RecordScope): Printed {
  const ofValue = tests.filter((test) => test.op !== 'null');
  const parts = scope
    .leaves()
    .map((leaves) =>
      leaves.kind === 'tree' ? printJson(leaves.json, tests, scope) : printAnyOf(leaves.reading, ofValue, scope),
    );
  return joinPrinted('or', parts);
}

function printJson(json: string, tests: readonly ScalarTest[], scope: RecordScope): Printed {
  const leaf = scope.fresh();
  const ofValue = tests.filter((test) => test.op !== 'null');
  const passes = joinPrinted('or', [
    printTests(ofValue, { kind: 'json', text: `json_extract_string(${leaf}, '$')`, json: leaf }),
    ...(ofValue.length < tests.length ? [exactly(`json_type(${leaf}) = 'NULL'`)] : []),
  ]);
  const isLeaf = exactly(`json_type(${leaf}) NOT IN ('OBJECT', 'ARRAY')`);
  const leaves = `CASE WHEN json_type(${json}) IN ('OBJECT', 'ARRAY') THEN json_extract(${json}, '$..*') ELSE [${json}] END`;
  const some = orFalse(mapPrinted(joinPrinted('and', [isLeaf, orFalse(passes)]), (body) => someOf(leaves, leaf, body)));
  const mentioned = mentions(json, tests);
  if (mentioned === undefined) return some;
  return mapPrinted(some, (sql) => `CASE WHEN ${mentioned} THEN ${sql} ELSE false END`);
}

/** Whether the text of a JSON value has what one of its values must have; `undefined` where nothing can be said. */
function mentions(json: string, tests: readonly ScalarTest[]): string | undefined {
  const needles = tests.map((test) => {
    if (test.op !== 'pattern') return '';
    const literals = splitPieces(test.parts, false)
      .flat()
      .filter((step) => typeof step === 'string');
    return literals.reduce((longest, literal) => (literal.length > longest.length ? literal : longest), '');
  });
  if (needles.includes('')) return undefined;
  const conditions = needles.map((needle) => {
    const escaped = foldCase(jsonEscape(needle));
    return `contains(${foldText(json, escaped)}, ${textConstant(escaped)})`;
  });
  return `(${[...new Set(conditions)].join(' OR ')})`;
}
