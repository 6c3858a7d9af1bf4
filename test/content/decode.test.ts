import { describe, expect, it } from 'vitest';
import { base64, get, parseJson } from '../../framework/index.ts';

describe('base64.decode', () => {
  it.each(['', 'a', 'ab', 'abc', 'abcd', 'zażółć 🐈', 'x'.repeat(999)])('gives back what was encoded: %#', (text) => {
    const bytes = Buffer.from(text, 'utf8');
    expect(base64.decode(bytes.toString('base64'))).toBe(text);
    expect(base64.decode(bytes.toString('base64url'))).toBe(text);
    expect(base64.decode(Buffer.from(text, 'utf16le').toString('base64'), 'utf-16le')).toBe(text);
  });

  it('ignores line breaks', () => expect(base64.decode('aGVs\nbG8=\n')).toBe('hello'));

  it.each([
    ['a', undefined],
    ['a$bc', undefined],
    ['YQ===', undefined],
    ['=YQ=', undefined],
    ['/w==', undefined],
    [undefined, undefined],
    [17, undefined],
  ])('%j is no text: %s', (text, expected) => expect(base64.decode(text)).toBe(expected));

  it('an odd number of bytes is no UTF-16', () => expect(base64.decode('YWJj', 'utf-16le')).toBeUndefined());
});

describe('parseJson and get', () => {
  it('reads a document inside a text', () => {
    const policy = parseJson('{"Statement":[{"Effect":"Allow"}]}');
    expect(get(policy, 'Statement[0].Effect')).toBe('Allow');
    expect(get(policy, 'Statement[1].Effect')).toBeUndefined();
    expect(get(policy, 'constructor')).toBeUndefined();
  });

  it.each(['', '{', 'undefined', undefined, 7, null])('%j is no JSON', (text) => {
    expect(parseJson(text)).toBeUndefined();
  });
});
