import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { compileCondition, parseDetection } from '../../framework/match/index.ts';

type Row = readonly [detection: string, code: string, where: string, hint: string];

const condition = 'condition: s';

/** A detection, the code of its one problem, its path (`!` for the key, `@` for the offset), a part of its hint. */
const errors: readonly Row[] = [
  ['[x]', 'MATCH_DETECTION_INVALID', '', 'condition: selection'],
  ['null', 'MATCH_DETECTION_INVALID', '', 'condition: selection'],
  ['{ s: { a: x } }', 'MATCH_CONDITION_MISSING', '', 'condition: s'],
  ['{ s: { a: x }, condition: [] }', 'MATCH_CONDITION_MISSING', '', 'condition: s'],
  ['{ s: { a: x }, condition: { s: 1 } }', 'MATCH_CONDITION_SYNTAX', 'condition', 'condition: selection'],
  ['{ s: { a: x }, condition: "s and" }', 'MATCH_CONDITION_SYNTAX', 'condition@5', 'Selections: s'],
  ['{ s: { a: x }, condition: "" }', 'MATCH_CONDITION_SYNTAX', 'condition@0', 'Selections: s'],
  ['{ s: { a: x }, condition: "(s" }', 'MATCH_CONDITION_SYNTAX', 'condition@2', 'offset 0 is not closed'],
  ['{ s: { a: x }, condition: "s)" }', 'MATCH_CONDITION_SYNTAX', 'condition@1', 'No bracket is open'],
  ['{ s: { a: x }, condition: "s s" }', 'MATCH_CONDITION_SYNTAX', 'condition@2', "'and' or 'or'"],
  ['{ s: { a: x }, condition: "2 of s*" }', 'MATCH_CONDITION_SYNTAX', 'condition@0', 'written out'],
  ['{ s: { a: x }, condition: "1 of" }', 'MATCH_CONDITION_SYNTAX', 'condition@4', '1 of them'],
  ['{ s: { a: x }, condition: "s and or s" }', 'MATCH_CONDITION_SYNTAX', 'condition@6', 'Selections: s'],
  ['{ s: { a: x }, condition: [s, "s and other"] }', 'MATCH_SELECTION_UNKNOWN', 'condition.1@6', 'Known: s'],
  [
    '{ selection: { a: x }, condition: selectoin }',
    'MATCH_SELECTION_UNKNOWN',
    'condition@0',
    "Did you mean 'selection'?",
  ],
  ['{ s: { a: x }, condition: "s and not 1 of filter_*" }', 'MATCH_SELECTOR_EMPTY', 'condition@15', 'Selections: s'],
  ['{ s: { a: x }, condition: "s | count() by a > 5" }', 'MATCH_AGGREGATION_UNSUPPORTED', 'condition@2', 'threshold'],
  [`{ s: {}, ${condition} }`, 'MATCH_SELECTION_EMPTY', 's', 'field: value'],
  [`{ s: [], ${condition} }`, 'MATCH_SELECTION_EMPTY', 's', 'field: value'],
  [`{ s: null, ${condition} }`, 'MATCH_SELECTION_EMPTY', 's', 'field: value'],
  [`{ s: [{ a: x }, {}], ${condition} }`, 'MATCH_SELECTION_EMPTY', 's.1', 'field: value'],
  [`{ s: [[x]], ${condition} }`, 'MATCH_SELECTION_TYPE', 's.0', 'list of them'],
  [`{ s: { 'a[x': 1 }, ${condition} }`, 'MATCH_FIELD_INVALID', 's.a[x!', 'zero-based'],
  [`{ s: { 'a..b': 1 }, ${condition} }`, 'MATCH_FIELD_INVALID', 's.a..b!', 'zero-based'],
  [`{ s: { 'a|fieldref': 'b.' }, ${condition} }`, 'MATCH_FIELD_INVALID', 's.a|fieldref', 'zero-based'],
  [`{ s: { a|contians: x }, ${condition} }`, 'MATCH_MODIFIER_UNKNOWN', 's.a|contians!@2', "Did you mean 'contains'?"],
  [`{ s: { 'a|': x }, ${condition} }`, 'MATCH_MODIFIER_UNKNOWN', 's.a|!@2', 'contains'],
  [
    `{ s: { a|contains|frob: x }, ${condition} }`,
    'MATCH_MODIFIER_UNKNOWN',
    's.a|contains|frob!@11',
    'Write one of all',
  ],
  [
    `{ s: { a|base64offset|contains: x }, ${condition} }`,
    'MATCH_MODIFIER_UNSUPPORTED',
    's.a|base64offset|contains!@2',
    'Supported: all',
  ],
  [`{ s: { a|windash: x }, ${condition} }`, 'MATCH_MODIFIER_UNSUPPORTED', 's.a|windash!@2', 'Supported: all'],
  [`{ s: { a|contains|re: x }, ${condition} }`, 'MATCH_MODIFIER_COMBINATION', 's.a|contains|re!', '|re'],
  [`{ s: { a|re|contains: x }, ${condition} }`, 'MATCH_MODIFIER_COMBINATION', 's.a|re|contains!', '^'],
  [`{ s: { a|re|cased: x }, ${condition} }`, 'MATCH_MODIFIER_COMBINATION', 's.a|re|cased!', 'cased'],
  [`{ s: { a|i: x }, ${condition} }`, 'MATCH_MODIFIER_COMBINATION', 's.a|i!', '|re|i'],
  [`{ s: { a|contains|i: x }, ${condition} }`, 'MATCH_MODIFIER_COMBINATION', 's.a|contains|i!', '|re|i'],
  [
    `{ s: { a|contains|startswith: x }, ${condition} }`,
    'MATCH_MODIFIER_COMBINATION',
    's.a|contains|startswith!',
    'wildcards',
  ],
  [
    `{ s: { a|contains|contains: x }, ${condition} }`,
    'MATCH_MODIFIER_COMBINATION',
    's.a|contains|contains!',
    'Leave one',
  ],
  [`{ s: { a|gt|contains: 5 }, ${condition} }`, 'MATCH_MODIFIER_COMBINATION', 's.a|gt|contains!', 'away'],
  [`{ s: { a|cased|re: x }, ${condition} }`, 'MATCH_MODIFIER_COMBINATION', 's.a|cased|re!', 'first'],
  [`{ s: { '|exists': true }, ${condition} }`, 'MATCH_MODIFIER_COMBINATION', 's.|exists!', 'field|exists'],
  [`{ s: { '|fieldref': a }, ${condition} }`, 'MATCH_MODIFIER_COMBINATION', 's.|fieldref!', 'field|fieldref'],
  [`{ s: { '|any': { a: x } }, ${condition} }`, 'MATCH_MODIFIER_COMBINATION', 's.|any!', 'field|any'],
  [
    `{ s: { a|any|contains: { b: x } }, ${condition} }`,
    'MATCH_MODIFIER_COMBINATION',
    's.a|any|contains!',
    'name|contains',
  ],
  [`{ s: { a|contains: 5 }, ${condition} }`, 'MATCH_VALUE_TYPE', 's.a|contains', 'quotes'],
  [`{ s: { a|contains: [x, true] }, ${condition} }`, 'MATCH_VALUE_TYPE', 's.a|contains.1', 'quotes'],
  [`{ s: { a|cased: 5 }, ${condition} }`, 'MATCH_VALUE_TYPE', 's.a|cased', ''],
  [`{ s: { a|re: 5 }, ${condition} }`, 'MATCH_VALUE_TYPE', 's.a|re', 'quotes'],
  [`{ s: { a|gt: many }, ${condition} }`, 'MATCH_VALUE_TYPE', 's.a|gt', ''],
  [`{ s: { a|cidr: 10 }, ${condition} }`, 'MATCH_VALUE_TYPE', 's.a|cidr', ''],
  [`{ s: { a|exists: 'yes' }, ${condition} }`, 'MATCH_VALUE_TYPE', 's.a|exists', ''],
  [`{ s: { a|fieldref: 5 }, ${condition} }`, 'MATCH_VALUE_TYPE', 's.a|fieldref', ''],
  [`{ s: { a: { b: x } }, ${condition} }`, 'MATCH_VALUE_TYPE', 's.a', 'field|any'],
  [`{ s: { a: [[x]] }, ${condition} }`, 'MATCH_VALUE_TYPE', 's.a.0', 'plain values'],
  [`{ s: { a: .inf }, ${condition} }`, 'MATCH_VALUE_TYPE', 's.a', 'finite'],
  [`{ s: { a|any: x }, ${condition} }`, 'MATCH_VALUE_TYPE', 's.a|any', 'a|any: { name'],
  [`{ s: { a|all: [{ b: x }, { b: y }] }, ${condition} }`, 'MATCH_VALUE_TYPE', 's.a|all', 'a|all: { name'],
  [`{ s: [null, x], ${condition} }`, 'MATCH_SELECTION_EMPTY', 's.0', 'field: value'],
  [`{ s: { '|contains': [null] }, ${condition} }`, 'MATCH_VALUE_TYPE', 's.|contains.0', ''],
  [`{ s: { '': null }, ${condition} }`, 'MATCH_VALUE_TYPE', 's.', 'field: null'],
  [`{ s: { a: 9007199254740993 }, ${condition} }`, 'MATCH_NUMBER_INEXACT', 's.a', 'quotes'],
  [`{ s: { a: '?${'x'.repeat(300)}' }, ${condition} }`, 'MATCH_PATTERN_TOO_LONG', 's.a', 'Replace ?'],
  [`{ s: { a: ${'x'.repeat(70_000)} }, ${condition} }`, 'MATCH_PATTERN_TOO_LONG', 's.a', 'Shorten'],
  [`{ s: { a|cidr: 192.0.2.1/24 }, ${condition} }`, 'MATCH_CIDR_INVALID', 's.a|cidr', '192.0.2.0/24'],
  [`{ s: { a|cidr: [192.0.2.0/24, office] }, ${condition} }`, 'MATCH_CIDR_INVALID', 's.a|cidr.1', 'prefix'],
  [`{ s: { a|re: 'x(y' }, ${condition} }`, 'MATCH_REGEX_INVALID', 's.a|re@1', "')'"],
  [`{ s: { a|re: '(?i)x(y' }, ${condition} }`, 'MATCH_REGEX_INVALID', 's.a|re@5', "')'"],
  [`{ s: { a|re: '(x)\\1' }, ${condition} }`, 'MATCH_REGEX_UNSUPPORTED', 's.a|re@3', 'fieldref'],
  [`{ s: { a|re: 'x(?!y)' }, ${condition} }`, 'MATCH_REGEX_UNSUPPORTED', 's.a|re@1', 'not'],
  [`{ s: { a|re: '${'x'.repeat(5_000)}' }, ${condition} }`, 'MATCH_REGEX_TOO_LARGE', 's.a|re', 'Split'],
  [
    `{ s: { a: x }, condition: '${'('.repeat(200)}s${')'.repeat(200)}' }`,
    'MATCH_TOO_DEEP',
    'condition@101',
    'Name parts',
  ],
  [
    `{ s: ${'{ a|any: '.repeat(12)}{ b: x }${' }'.repeat(12)}, ${condition} }`,
    'MATCH_TOO_DEEP',
    `s${'.a|any'.repeat(11)}`,
    'dotted',
  ],
];

it.each(errors)('%s is refused with %s', (detection, code, where, hint) => {
  const { condition, problems } = parseDetection(parse(detection));
  expect(condition).toBeUndefined();
  expect(problems.map((problem) => [problem.code, placeOf(problem)])).toEqual([[code, where]]);
  expect(problems[0]?.hint ?? '').toContain(hint);
  expect(problems[0]?.severity).toBe('error');
});

const findings: readonly Row[] = [
  ['{ s: { a: x }, t: { a: y }, condition: s }', 'MATCH_SELECTION_UNUSED', 't!', '_t'],
  ['{ s: { a: x }, timeframe: 5m, condition: s }', 'MATCH_TIMEFRAME_IGNORED', 'timeframe!', 'dedup'],
  ['{ s: { a: x }, condition: "NOT s" }', 'MATCH_CONDITION_UPPER_CASE', 'condition@0', "'not'"],
  ['{ s: { a: x }, condition: "1 of THEM" }', 'MATCH_CONDITION_UPPER_CASE', 'condition@5', "'them'"],
  [`{ s: { a: [] }, ${condition} }`, 'MATCH_VALUE_EMPTY_LIST', 's.a', 'null'],
  [`{ s: { a: [null, x] }, ${condition} }`, 'MATCH_NULL_IN_LIST', 's.a', 'second selection'],
  [`{ s: { a|contains|all: x }, ${condition} }`, 'MATCH_MODIFIER_NO_EFFECT', 's.a|contains|all!', 'several'],
];

it.each(findings)('%s is accepted with the finding %s', (detection, code, where, hint) => {
  const { condition, problems } = parseDetection(parse(detection));
  expect(condition).toBeDefined();
  expect(problems.map((problem) => [problem.code, placeOf(problem), problem.severity])).toEqual([
    [code, where, 'finding'],
  ]);
  expect(problems[0]?.hint).toContain(hint);
});

it('all problems are found at once', () => {
  const { problems } = parseDetection(
    parse(`
s: { a|contians: x, b|cidr: 10.0.0.1/8, c|gt: many }
t: []
condition: s and t and missing
`),
  );
  expect(problems.map((problem) => problem.code)).toEqual([
    'MATCH_MODIFIER_UNKNOWN',
    'MATCH_CIDR_INVALID',
    'MATCH_VALUE_TYPE',
    'MATCH_SELECTION_EMPTY',
    'MATCH_SELECTION_UNKNOWN',
  ]);
});

it('names beginning with _ may stay unused', () => {
  expect(parseDetection(parse('{ s: { a: x }, _anchors: { b: y }, condition: s }')).problems).toEqual([]);
});

it('the fields it reads are listed with their keys, those of elements and references too', () => {
  const { fields } = parseDetection(
    parse('{ s: { a.b|contains: x, c|any: { d|fieldref: e } }, t: [{ f: 1 }, x], condition: s or t }'),
  );
  expect(fields.map(({ field, path }) => [field, path.join('/')])).toEqual([
    ['a.b', 's/a.b|contains'],
    ['c', 's/c|any'],
    ['c.d', 's/c|any/d|fieldref'],
    ['c.e', 's/c|any/d|fieldref'],
    ['f', 't/0/f'],
  ]);
});

it('any value at all gives problems or a condition that can be evaluated, and never a crash', () => {
  const names = fc.constantFrom(
    'a',
    'a.b',
    'a|contains',
    'a|re',
    'a|any',
    'a|all',
    '|all',
    'a|cidr',
    'a|gt|i',
    'x|exists',
    'a|fieldref',
    '_s',
    '__proto__',
    's',
    'condition',
    'timeframe',
  );
  const texts = fc.constantFrom(
    's',
    'not s',
    '1 of s*',
    '(s',
    's or _s',
    'x*?',
    '(a|b)*',
    '[',
    '10.0.0.0/8',
    'ALL of them',
    '\\',
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      texts,
      fc.jsonValue(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(names, tie('value'), { maxKeys: 4 }),
    ),
  }));
  const detections = fc.oneof(
    value,
    fc.dictionary(names, value).map((map) => ({ ...map, s: { a: 'x' }, condition: 's' })),
  );
  fc.assert(
    fc.property(detections, fc.dictionary(names, fc.jsonValue()), (detection, event) => {
      const { condition, problems } = parseDetection(detection);
      if (condition) expect(typeof compileCondition(condition)(event)).toBe('boolean');
      else expect(problems.some((problem) => problem.severity === 'error')).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

function placeOf(problem: { path: readonly (string | number)[]; about?: 'key'; offset?: number }): string {
  const offset = problem.offset ? `@${problem.offset}` : problem.offset === 0 ? '@0' : '';
  return `${problem.path.join('.')}${problem.about === 'key' ? '!' : ''}${offset}`;
}
