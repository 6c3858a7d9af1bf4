import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseDetection, printCondition } from '../../../framework/match/index.ts';
import type { LogType } from '../../../framework/model/log-type.ts';

const door: LogType = {
  name: 'Acme.Door',
  table: 'acme_door',
  description: '',
  reference: '',
  logsources: [],
  eventTime: 'at',
  fields: {
    at: { type: 'timestamp' },
    door: { type: 'string' },
    seconds: { type: 'bigint' },
    who: { type: 'object', fields: { name: { type: 'string' } } },
    badges: { type: 'array', items: { type: 'object', fields: { id: { type: 'string' } } } },
  },
  model: {},
};

const print = (selection: string) => {
  const { condition } = parseDetection({ selection: parse(selection), condition: 'selection' });
  return printCondition(condition as NonNullable<typeof condition>, door);
};

it.each([
  ['{ door: Main }', `coalesce(lower("door") = 'main', false)`],
  ['{ door|cased: Main }', `coalesce("door" = 'Main', false)`],
  ['{ door: "it\'s" }', `coalesce(lower("door") = 'it''s', false)`],
  ['{ door: [a, B] }', `coalesce(lower("door") IN ('a', 'b'), false)`],
  ['{ door|contains: In }', `coalesce(contains(lower("door"), 'in'), false)`],
  ['{ door|startswith: In }', `coalesce(starts_with(lower("door"), 'in'), false)`],
  ['{ door|endswith: In }', `coalesce(suffix(lower("door"), 'in'), false)`],
  ['{ door: a*b? }', `coalesce(regexp_matches(lower("door"), '(?:\\Aa(?s:.*)b(?s:.{1})\\z)'), false)`],
  ['{ door: null }', `"door" IS NULL`],
  ['{ seconds|gt: 5 }', `coalesce("seconds" > 5, false)`],
  ['{ seconds: 5, door: x }', `(coalesce("seconds" = 5, false) AND coalesce(lower("door") = 'x', false))`],
  [
    '{ badges|any: { id: x } }',
    `coalesce(len(list_filter(CASE WHEN json_type("badges") = 'ARRAY' THEN json_extract("badges", '$[*]') ELSE ["badges"] END, lambda margay_1: (coalesce(json_type(margay_1) = 'OBJECT', false) AND coalesce(lower(json_extract_string(margay_1, '$."id"')) = 'x', false)))) > 0, false)`,
  ],
])('%s is plain SQL', (selection, sql) => {
  expect(print(selection)).toMatchObject({ sql, isExact: true });
});

it('names the columns that it reads', () => {
  expect(print('{ who.name: x, seconds: 5 }').columns).toEqual(['seconds', 'who', 'p_extra']);
});

it.each([
  ['(?m)^a', 'RE2 knows one kind of line end'],
  ['\\Ba', 'RE2 looks between the bytes of a character'],
])('%s is said too generously', (source) => {
  expect(print(`{ door|re: '${source}' }`)).toMatchObject({ isExact: false });
  const { condition } = parseDetection({ selection: { 'door|re': source }, condition: 'not selection' });
  expect(printCondition(condition as NonNullable<typeof condition>, door)).toMatchObject({
    sql: 'true',
    isExact: false,
  });
});
