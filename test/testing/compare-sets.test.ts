import { expect, it } from 'vitest';
import { compareSets } from '../../framework/testing/timeline/compare-sets.ts';

const bart = { member: 'bart@example.com', adds: 3, context: { actor: 'it@example.com', ip: '192.0.2.1' } };
const dana = { member: 'dana@example.com', adds: 4, context: {} };

it.each([
  ['in any order', [{ member: 'dana@example.com' }, { member: 'bart@example.com' }], [bart, dana]],
  ['on the fields it names', [{ adds: 3 }], [bart]],
  ['inside objects too', [{ context: { actor: 'it@example.com' } }], [bart]],
  ['a loose expectation leaves the strict one its item', [{}, { adds: 3 }], [bart, dana]],
  ['an absent value agrees with null', [{ nothing: null }], [bart]],
  ['nothing agrees with nothing', [], []],
])('agrees: %s', (_, expected, found) => {
  expect(compareSets(expected, found)).toBeUndefined();
});

it('tells what is missing and what is too many', () => {
  expect(compareSets([{ adds: 3 }, { adds: 9 }], [bart, dana])).toEqual({
    missing: [{ adds: 9 }],
    unexpected: [{ adds: 4 }],
  });
  expect(compareSets([], [bart])).toEqual({ missing: [], unexpected: [bart] });
  expect(compareSets([], [bart], ['member'])).toEqual({ missing: [], unexpected: [{ member: 'bart@example.com' }] });
  expect(compareSets([{ adds: 3 }, { adds: 3 }], [bart])).toEqual({ missing: [{ adds: 3 }], unexpected: [] });
});

it('lists agree as a whole, and in order', () => {
  expect(compareSets([{ d: ['a', 'b'] }], [{ d: ['a', 'b'] }])).toBeUndefined();
  expect(compareSets([{ d: ['a'] }], [{ d: ['a', 'b'] }])).toBeDefined();
  expect(compareSets([{ d: [] }], [{ d: ['a'] }])).toBeDefined();
});
