import fc from 'fast-check';
import { compileRegex } from '../../../framework/match/regex/compile-regex.ts';
import type { Condition, PatternPart, ValueTest } from '../../../framework/model/condition.ts';
import type { LogField, LogType } from '../../../framework/model/log-type.ts';
import { names, networks, randomBound, randomText } from './random-values.ts';

const randomPart: fc.Arbitrary<PatternPart> = fc.oneof(
  { weight: 4, arbitrary: randomText.filter((text) => text !== '') },
  { weight: 2, arbitrary: fc.constant<PatternPart>({ wild: 'many' }) },
  { weight: 1, arbitrary: fc.constant<PatternPart>({ wild: 'one' }) },
);

const randomPattern: fc.Arbitrary<ValueTest> = fc.record({
  op: fc.constant('pattern' as const),
  parts: fc.array(randomPart, { maxLength: 4 }),
  cased: fc.boolean(),
});

const atoms = [
  'a',
  'b',
  'A',
  'i',
  'k',
  's',
  'é',
  'σ',
  '.',
  '\\d',
  '\\w',
  '\\s',
  '\\S',
  '\\W',
  '[a-c]',
  '[^a]',
  '[^\\n]',
  '[i-k]',
  '[\\s\\S]',
  '(?:a|b)',
  '(ab)?',
  '\\.',
  '\\\\',
  '\\*',
  '\\b',
  '\\B',
  '^',
  '$',
  '5',
  '[0-9]{1,3}',
  'a+',
  '.*',
  '.{2}',
  '(?:.a)*',
  '\\u00e9',
  '\\x41',
  '"',
  '\\/',
  '[\\u0000-\\uffff]',
  '😀',
  '[\\ud83d]',
  '[ß-ſ]',
  '\\u2028',
  '[]',
  '[^]',
  '|',
  '{',
  '-',
  ' ',
];

const randomRegex: fc.Arbitrary<ValueTest> = fc
  .tuple(fc.array(fc.constantFrom(...atoms), { minLength: 1, maxLength: 5 }), fc.subarray(['i', 'm', 's']))
  .map(([parts, flags]) => ({ op: 're' as const, source: parts.join(''), flags: flags.join('') }))
  .filter(({ source, flags }) => {
    try {
      compileRegex(source, flags);
      return true;
    } catch {
      return false;
    }
  });

const randomTest = (fieldPath: fc.Arbitrary<string>): fc.Arbitrary<ValueTest> =>
  fc.oneof(
    { weight: 5, arbitrary: randomPattern },
    { weight: 3, arbitrary: randomRegex },
    { weight: 1, arbitrary: fc.constant<ValueTest>({ op: 'null' }) },
    { weight: 1, arbitrary: fc.boolean().map((value): ValueTest => ({ op: 'exists', value })) },
    { weight: 1, arbitrary: fc.boolean().map((value): ValueTest => ({ op: 'boolean', value })) },
    { weight: 2, arbitrary: randomBound.map((value): ValueTest => ({ op: 'number', value })) },
    { weight: 2, arbitrary: fc.constantFrom(...networks).map((network): ValueTest => ({ op: 'cidr', network })) },
    {
      weight: 2,
      arbitrary: fc.record({
        op: fc.constantFrom('gt' as const, 'gte' as const, 'lt' as const, 'lte' as const),
        value: randomBound,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        op: fc.constant('fieldref' as const),
        field: fieldPath,
        how: fc.constantFrom('equals' as const, 'contains' as const, 'startswith' as const, 'endswith' as const),
        cased: fc.boolean(),
      }),
    },
  );

/** Conditions that read fields which the log type declares, and others. */
export function randomCondition(logType: LogType): fc.Arbitrary<Condition> {
  const known = [
    ...listPaths(logType.fields, ''),
    'p_event_time',
    'p_source',
    'udm',
    'udm.actor_user',
    'udm.nothing',
    'p_any_usernames',
    'p_any_usernames[0]',
    'p_row_id',
  ];
  return conditionOver(
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: randomPath }),
  );
}

const steps = names.map((name) => name.replaceAll(/[.[\]\\]/g, '\\$&'));
const randomPath = fc
  .array(fc.tuple(fc.constantFrom(...steps, 'new'), fc.option(fc.nat(1), { freq: 3 })), { minLength: 1, maxLength: 3 })
  .map((path) => path.map(([name, index]) => (index === null ? name : `${name}[${index}]`)).join('.'));

function conditionOver(path: fc.Arbitrary<string>): fc.Arbitrary<Condition> {
  return fc.letrec<{ condition: Condition; leaf: Condition }>((tie) => ({
    leaf: fc.oneof(
      {
        weight: 8,
        arbitrary: fc.tuple(path, randomTest(path)).map(([field, test]): Condition => ({ kind: 'field', field, test })),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(path, fc.array(randomTest(path), { minLength: 2, maxLength: 6 }))
          .map(
            ([field, tests]): Condition => ({ kind: 'or', of: tests.map((test) => ({ kind: 'field', field, test })) }),
          ),
      },
      { weight: 1, arbitrary: randomTest(path).map((test): Condition => ({ kind: 'keyword', test })) },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('element' as const),
          field: path,
          quantifier: fc.constantFrom('any' as const, 'all' as const),
          of: fc.oneof(
            { maxDepth: 2 },
            fc
              .tuple(randomPath, randomTest(randomPath))
              .map(([field, test]): Condition => ({ kind: 'field', field, test })),
            tie('condition'),
          ),
        }),
      },
    ),
    condition: fc.oneof(
      { maxDepth: 3 },
      { weight: 4, arbitrary: tie('leaf') },
      { weight: 1, arbitrary: tie('condition').map((of): Condition => ({ kind: 'not', of })) },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constantFrom('and' as const, 'or' as const),
          of: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }),
        }),
      },
    ),
  })).condition;
}

/** Paths of declared fields, with and without subscripts. */
function listPaths(fields: Readonly<Record<string, LogField>>, before: string): readonly string[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    pathsOf(before + name.replaceAll(/[.[\]\\]/g, '\\$&'), field),
  );
}

function pathsOf(path: string, field: LogField): readonly string[] {
  if (field.type === 'json') return [path, `${path}.a`, `${path}[0]`, `${path}.a.b`];
  if (field.type === 'object') return [path, `${path}.c`, ...listPaths(field.fields ?? {}, `${path}.`)];
  if (field.type !== 'array') return [path];
  return [
    path,
    `${path}[0]`,
    `${path}.a`,
    ...(field.items ? [path, `${path}[1]`].flatMap((list) => pathsOf(list, field.items as LogField)) : []),
  ];
}
