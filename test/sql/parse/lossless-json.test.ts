import { expect, test } from 'vitest';
import { byteOffsets } from '../../../framework/sql/parse/byte-offsets.ts';
import { parseLossless, stringifyLossless } from '../../../framework/sql/parse/lossless-json.ts';

test.each([
  ['a number beyond 2^53', '{"query_location":18446744073709551615}'],
  ['a negative one', '[-9223372036854775808,1]'],
  ['numbers that fit', '{"a":5,"b":-1.25}'],
  ['digits in a text', '{"a":"18446744073709551615","b":"\\"12345678901234567890\\""}'],
  ['a text that looks like a marker', '{"a":"{\\"$int\\":\\"12345678901234567\\"}"}'],
])('%s survives unchanged', (_, text) => {
  expect(stringifyLossless(parseLossless(text))).toBe(text);
});

test('byte offsets become character offsets', () => {
  const sql = "a'ä\u{1f600}'b";
  const toChars = byteOffsets(sql);
  expect(toChars(Buffer.byteLength("a'ä\u{1f600}'"))).toBe(sql.indexOf('b'));
  expect(byteOffsets('abc')(2)).toBe(2);
});
