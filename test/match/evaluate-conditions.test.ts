import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { compileCondition, parseDetection } from '../../framework/match/index.ts';

/** Each name is a selection that is true on {"on": [names]}; a condition, the names that are true, the outcome. */
const conditions: readonly (readonly [condition: string, on: string, expected: boolean, source: string])[] = [
  ['a', 'a', true, 'a name'],
  ['not a', '', true, 'not'],
  ['not not a', 'a', true, 'not twice'],
  ['a and b', 'a', false, 'and'],
  ['a or b', 'b', true, 'or'],
  ['a or b and c', 'a', true, 'and binds before or'],
  ['(a or b) and c', 'a', false, 'brackets'],
  ['not a and b', 'b', true, 'not binds before and'],
  ['not (a and b)', 'a', true, 'not before brackets'],
  ['a and not b', 'a b', false, 'a filter'],
  ['1 of x_*', 'x_2', true, '1 of'],
  ['1 of x_*', 'a', false, '1 of'],
  ['any of x_*', 'x_1', true, 'any of'],
  ['all of x_*', 'x_1', false, 'all of'],
  ['all of x_*', 'x_1 x_2', true, 'all of'],
  ['1 of them', 'x_2', true, 'them'],
  ['1 of them', '_hidden', false, 'them leaves out _names'],
  ['1 of *', '_hidden', false, 'patterns leave out _names'],
  ['_hidden', '_hidden', true, 'a _name by its name'],
  ['all of *_1', 'x_1', true, 'a pattern with * in front'],
  ['1 of x*2', 'x_2', true, 'a pattern with * inside'],
  ['1 of a', 'a', true, 'a pattern without *'],
  ['not 1 of x_*', 'a', true, 'not 1 of'],
  ['not all of x_*', 'x_1', true, 'not all of'],
  ['a and not 1 of x_*', 'a x_1', false, 'and not 1 of'],
  ['a AND NOT b', 'a', true, 'upper case'],
  ['sel-3', 'sel-3', true, 'hyphens and digits'],
  ['(((a)))', 'a', true, 'brackets in brackets'],
  ['a and(b)or(c)', 'c', true, 'brackets need no blanks'],
];

it.each(conditions)("'%s' with '%s' on: %s (%s)", (condition, on, expected) => {
  const names = ['a', 'b', 'c', 'x_1', 'x_2', 'sel-3', '_hidden'];
  const detection = Object.fromEntries(names.map((name) => [name, { on: name }]));
  const parsed = parseDetection({ ...detection, condition });
  expect(parsed.condition && compileCondition(parsed.condition)({ on: on.split(' ') })).toBe(expected);
});

it('a list of conditions holds when one does', () => {
  const { condition } = parseDetection({ a: { f: 1 }, b: { f: 2 }, condition: ['a', 'b'] });
  expect([1, 2, 3].map((f) => condition && compileCondition(condition)({ f }))).toEqual([true, true, false]);
});

it('a missing field makes an item false, so its negation true', () => {
  const { condition } = parseDetection({ a: { f: 1 }, filter: { g: 1 }, condition: 'a and not filter' });
  expect(condition && compileCondition(condition)({ f: 1 })).toBe(true);
});

it('the founding detection matches an add to the bypass group and no other', () => {
  const { condition, problems } = parseDetection(
    parse(`
added:
  eventType: group.user_membership.add
  target|any: { type: UserGroup, displayName: Bypass MFA }
condition: added
`),
  );
  expect(problems).toEqual([]);
  const holds = condition && compileCondition(condition);
  const event = (displayName: string) => ({
    eventType: 'group.user_membership.add',
    target: [
      { type: 'User', displayName: 'Bypass MFA' },
      { type: 'UserGroup', displayName },
    ],
  });
  expect([holds?.(event('Bypass MFA')), holds?.(event('Engineering'))]).toEqual([true, false]);
});
