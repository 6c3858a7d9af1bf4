import { expect, it } from 'vitest';
import { findJsonFlaw } from '../../../framework/compile/tests/find-json-flaw.ts';

it.each([
  ['{ "a": }', 7],
  ['{ "a": 1,, }', 9],
  ['{ "a": 1, }', 10],
  ["{ 'a': 1 }", 2],
  ['{ a: 1 }', 2],
  ['{ "a" 1 }', 6],
  ['[1 2]', 3],
  ['[1, ]', 4],
  ['[1}', 2],
  ['{ "a": [1, { "b": 2 ] }', 20],
  ['{ "a": 01 }', 8],
  ['{ "a": "b\nc" }', 7],
  ['{} {}', 3],
  ['{ "a": 1', 8],
  ['', 0],
  ['nul', 0],
  ['{ 1: 2 }', 2],
])('%j goes wrong at %i', (text, offset) => {
  expect(findJsonFlaw(text)).toBe(offset);
  expect(() => JSON.parse(text)).toThrow();
});
