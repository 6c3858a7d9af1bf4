import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from '../../framework/model/canonical-json.ts';
import { isAtLeast, selectLevels } from '../../framework/model/level.ts';
import { sha256Digest, stableId } from '../../framework/model/stable-id.ts';

it('orders keys by code unit at every depth, and leaves undefined out', () => {
  expect(canonicalJson({ b: 1, a: { d: [{ z: 1, y: undefined }], c: null }, B: 2 })).toBe(
    '{"B":2,"a":{"c":null,"d":[{"z":1}]},"b":1}',
  );
});

it('is the same for equal values, however their keys came', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
      const reversed = Object.fromEntries(Object.entries(record).reverse());
      expect(canonicalJson(reversed)).toBe(canonicalJson(record));
    }),
  );
});

it('ids keep their parts apart', () => {
  expect(stableId('ab', 'c')).not.toBe(stableId('a', 'bc'));
  expect(stableId('ab', 'c')).toMatch(/^[0-9a-f]{32}$/);
  expect(stableId('é')).not.toBe(stableId('e'));
});

it('a digest is that of SHA-256', () => {
  expect(sha256Digest('abc')).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

it.each([
  [['medium+'], ['medium', 'high', 'critical']],
  [
    ['low', 'critical'],
    ['low', 'critical'],
  ],
  [['informational+'], ['informational', 'low', 'medium', 'high', 'critical']],
  [['severe+', 'severe'], []],
  [[], []],
])('%s selects %s', (selectors, expected) => {
  expect(selectLevels(selectors)).toEqual(expected);
});

it('critical is above high, and low is not', () => {
  expect([isAtLeast('critical', 'high'), isAtLeast('high', 'high'), isAtLeast('low', 'high')]).toEqual([
    true,
    true,
    false,
  ]);
});
