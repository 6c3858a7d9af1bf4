import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { compileCondition, parseDetection } from '../../framework/match/index.ts';

type Row = readonly [selection: string, event: string, expected: boolean, source: string];

/** A selection, an event as JSON, whether it matches, and where it is written so. */
const selections: readonly Row[] = [
  // Values
  ['{ a: x }', '{"a":"x"}', true, 'spec: Detection Item'],
  ['{ a: x }', '{"a":"X"}', true, 'spec: strings are case-insensitive'],
  ['{ a: X }', '{"a":"x"}', true, 'spec: strings are case-insensitive'],
  ['{ a: x }', '{"a":"xy"}', false, 'spec: the whole value'],
  ['{ a: x }', '{"b":"x"}', false, 'spec: the field'],
  ['{ a: x }', '{"a":null}', false, 'spec: null values'],
  ['{ a: x }', '{"a":{"b":"x"}}', false, 'an object is no text'],
  ['{ a: [x, y] }', '{"a":"y"}', true, 'spec: lists are OR'],
  ['{ a: [x, y] }', '{"a":"Z"}', false, 'spec: lists are OR'],
  ['{ a: [x, "y*"] }', '{"a":"yes"}', true, 'spec: lists are OR'],
  ['{ a: [x, 7] }', '{"a":7}', true, 'spec: lists are OR'],
  ['{ a: x, b: y }', '{"a":"x","b":"y"}', true, 'spec: maps are AND'],
  ['{ a: x, b: y }', '{"a":"x"}', false, 'spec: maps are AND'],
  ['[{ a: x }, { b: y }]', '{"b":"y"}', true, 'spec: lists of maps are OR'],
  ['[{ a: x, b: y }, { b: z }]', '{"a":"x","b":"q"}', false, 'spec: lists of maps are OR of ANDs'],
  // Numbers
  ['{ a: 4624 }', '{"a":4624}', true, 'spec: numeric values'],
  ['{ a: 4624 }', '{"a":"4624"}', true, 'Windows events write numbers as texts'],
  ['{ a: "4624" }', '{"a":4624}', true, 'Windows events write numbers as texts'],
  ['{ a: 4624 }', '{"a":46240}', false, 'spec: numeric values'],
  ['{ a: "46*" }', '{"a":4624}', true, 'wildcards see numbers as texts'],
  ['{ a: 1.5 }', '{"a":"1.50"}', true, 'numbers are compared by value'],
  ['{ a: 7 }', '{"a":"07"}', false, 'a leading zero is no JSON number'],
  ['{ a: 0 }', '{"a":"-0"}', true, 'numbers are compared by value'],
  ['{ a: 0 }', '{"a":""}', false, 'an empty text is no number'],
  ['{ a: 0 }', '{"a":false}', false, 'a boolean is no number'],
  ['{ a: "9007199254740993" }', '{"a":"9007199254740993"}', true, '64 bits, exact as text'],
  ['{ a: "9007199254740993" }', '{"a":"9007199254740992"}', false, '64 bits, exact as text'],
  ["{ a|gte: '0.0000001' }", '{"a":1e-7}', true, 'a small number has the digits that JSON has'],
  ["{ a|lte: '100000000000000000000000' }", '{"a":1e23}', true, 'and so has a large one'],
  ['{ a: 1e21 }', '{"a":"1000000000000000000000"}', false, 'an inexact number is an error, so nothing matches'],
  // Booleans
  ['{ a: true }', '{"a":true}', true, 'pySigma: SigmaBool'],
  ['{ a: true }', '{"a":"True"}', true, 'vendors write booleans as texts'],
  ['{ a: "true" }', '{"a":true}', true, 'vendors write booleans as texts'],
  ['{ a: true }', '{"a":1}', false, 'a number is no boolean'],
  ['{ a: false }', '{}', false, 'a missing field is not false'],
  // Null, empty, exists
  ['{ a: null }', '{}', true, 'spec: null is missing or null'],
  ['{ a: null }', '{"a":null}', true, 'spec: null is missing or null'],
  ['{ a: null }', '{"a":""}', false, 'spec: null is not empty'],
  ['{ a: null }', '{"a":0}', false, 'spec: null is missing or null'],
  ['{ a: null }', '{"a":[]}', false, 'an empty array is there'],
  ['{ a.b: null }', '{"a":"x"}', true, 'the path leads nowhere'],
  ['{ a.b: null }', '{"a":[]}', true, 'the path leads nowhere'],
  ['{ a.b: null }', '{"a":[{"b":1},{}]}', true, 'one element is enough'],
  ['{ a.b: null }', '{"a":[{"b":1}]}', false, 'one element is enough'],
  ['{ a: [null, x] }', '{}', true, 'pySigma accepts null in a list'],
  ['{ a: [] }', '{}', true, 'pySigma: an empty list is null'],
  ["{ a: '' }", '{"a":""}', true, 'spec: an empty value is present'],
  ["{ a: '' }", '{}', false, 'spec: an empty value is present'],
  ["{ a: '' }", '{"a":null}', false, 'spec: an empty value is present'],
  ["{ a: '' }", '{"a":" "}', false, 'spec: an empty value is present'],
  ["{ a: '*' }", '{"a":""}', true, 'spec: * is any run, also none'],
  ["{ a: '*' }", '{}', false, 'spec: a missing field is false'],
  ["{ a: '?' }", '{"a":""}', false, 'spec: ? is one character'],
  ['{ a|exists: true }', '{"a":null}', true, 'spec: exists, even as null'],
  ['{ a|exists: true }', '{"a":[]}', true, 'spec: exists'],
  ['{ a|exists: true }', '{}', false, 'spec: exists'],
  ['{ a|exists: false }', '{}', true, 'spec: exists'],
  ['{ a|exists: false }', '{"a":null}', false, 'spec: exists, even as null'],
  ['{ a.b|exists: true }', '{"a":[{},{"b":1}]}', true, 'one element is enough'],
  ['{ a|exists: true }', '{"b":1}', false, 'inherited properties are none'],
  ['{ constructor|exists: true }', '{}', false, 'inherited properties are none'],
  ['{ __proto__|exists: true }', '{}', false, 'inherited properties are none'],
  // Wildcards and escapes
  ["{ a: 'x*z' }", '{"a":"xyyz"}', true, 'spec: wildcards'],
  ["{ a: 'x*z' }", '{"a":"xz"}', true, 'spec: * is any run, also none'],
  ["{ a: 'x*z' }", '{"a":"xzy"}', false, 'spec: wildcards'],
  ["{ a: 'x*x' }", '{"a":"x"}', false, 'two ends need two characters'],
  ["{ a: 'x?z' }", '{"a":"xyz"}', true, 'spec: wildcards'],
  ["{ a: 'x?z' }", '{"a":"xz"}', false, 'spec: ? is one character'],
  ["{ a: 'x?z' }", '{"a":"x😀z"}', true, '? is one code point'],
  ["{ a: '??' }", '{"a":"😀"}', false, '? is one code point'],
  ["{ a: '*??' }", '{"a":"x😀"}', true, '? is one code point, from the end too'],
  ["{ a: '*?b*' }", '{"a":"bb"}', true, '? behind * needs a character'],
  ["{ a: '*?b*' }", '{"a":"b"}', false, '? behind * needs a character'],
  ["{ a: '*a?c*' }", '{"a":"aacabc"}', true, 'a piece is looked for again behind a false start'],
  ["{ a: 'a*b' }", '{"a":"a\\nb"}', true, '* crosses lines'],
  ["{ a: '*ab*ba*' }", '{"a":"aba"}', false, 'pieces do not overlap'],
  [String.raw`{ a: 'C:\Windows' }`, String.raw`{"a":"C:\\Windows"}`, true, 'pySigma: a backslash is plain'],
  [String.raw`{ a: 'a\*b' }`, '{"a":"a*b"}', true, String.raw`pySigma: \* is a star`],
  [String.raw`{ a: 'a\*b' }`, '{"a":"axb"}', false, String.raw`pySigma: \* is a star`],
  [String.raw`{ a: 'a\?b' }`, '{"a":"axb"}', false, String.raw`pySigma: \? is a question mark`],
  [String.raw`{ a: 'a\\*b' }`, String.raw`{"a":"a\\xyb"}`, true, String.raw`pySigma: \\* is a backslash, anything`],
  [String.raw`{ a: 'a\\*b' }`, '{"a":"axb"}', false, String.raw`pySigma: \\* is a backslash, anything`],
  [String.raw`{ a: 'a\\\*b' }`, String.raw`{"a":"a\\*b"}`, true, String.raw`pySigma: \\\* is a backslash and a star`],
  [String.raw`{ a: '\\srv' }`, String.raw`{"a":"\\srv"}`, true, String.raw`pySigma: \\ is one backslash`],
  [String.raw`{ a: '\\srv' }`, String.raw`{"a":"\\\\srv"}`, false, String.raw`pySigma: \\ is one backslash`],
  [String.raw`{ a: '\\\\srv' }`, String.raw`{"a":"\\\\srv"}`, true, 'pySigma: four for two'],
  [String.raw`{ a: '\\\srv' }`, String.raw`{"a":"\\\\srv"}`, true, 'pySigma: three for two'],
  [String.raw`{ a: 'x\' }`, String.raw`{"a":"x\\"}`, true, 'pySigma: a last backslash is plain'],
  // contains, startswith, endswith, cased, all
  ['{ a|contains: y }', '{"a":"xYz"}', true, 'spec: contains'],
  ['{ a|contains: yy }', '{"a":"xyz"}', false, 'spec: contains'],
  ["{ a|contains: '*y' }", '{"a":"xyz"}', true, 'pySigma: no second *'],
  ["{ a|contains: 'x?z' }", '{"a":"--xyz--"}', true, 'wildcards stay active'],
  ["{ a|contains: '' }", '{"a":"x"}', true, 'every text contains the empty one'],
  ['{ a|startswith: x }', '{"a":"XY"}', true, 'spec: startswith'],
  ['{ a|startswith: y }', '{"a":"XY"}', false, 'spec: startswith'],
  ['{ a|endswith: y }', '{"a":"XY"}', true, 'spec: endswith'],
  ['{ a|endswith: x }', '{"a":"XY"}', false, 'spec: endswith'],
  [String.raw`{ a|endswith: '\x.exe' }`, String.raw`{"a":"C:\\X.EXE"}`, true, 'spec: endswith'],
  ['{ a|contains: [x, y] }', '{"a":"-y-"}', true, 'spec: lists are OR'],
  ['{ a|contains|all: [x, y] }', '{"a":"yx"}', true, 'spec: all'],
  ['{ a|contains|all: [x, y] }', '{"a":"x"}', false, 'spec: all'],
  ['{ a|all|contains: [x, y] }', '{"a":"x"}', false, 'the order does not matter'],
  ['{ a|cased: x }', '{"a":"X"}', false, 'spec: cased'],
  ['{ a|cased: x }', '{"a":"x"}', true, 'spec: cased'],
  ['{ a|contains|cased: Y }', '{"a":"xYz"}', true, 'spec: cased'],
  ['{ a|cased|contains: Y }', '{"a":"xyz"}', false, 'the order does not matter'],
  ['{ a|cased: [x, y] }', '{"a":"Y"}', false, 'spec: cased, in a list'],
  // Letters whose case is not one to one
  ['{ a: İstanbul }', '{"a":"İSTANBUL"}', true, 'U+0130 folds alike on both sides'],
  ['{ a: istanbul }', '{"a":"İstanbul"}', true, 'U+0130 is an i, as the lake folds it'],
  ["{ a: '?stanbul' }", '{"a":"İstanbul"}', true, 'U+0130 is one code point'],
  ['{ a|startswith: ΟΔΟΣ }', '{"a":"οδοσα"}', true, 'a final sigma is a sigma'],
  ['{ a: ΟΔΟΣ }', '{"a":"οδος"}', true, 'a final sigma is a sigma'],
  ['{ a: STRASSE }', '{"a":"straße"}', false, 'folding keeps the length'],
  // Regular expressions
  ['{ a|re: y+ }', '{"a":"xyyz"}', true, 'spec: re, anywhere'],
  ['{ a|re: Y }', '{"a":"xyz"}', false, 'spec: re has case'],
  ['{ a|re|i: Y }', '{"a":"xyz"}', true, 'spec: re, i'],
  ['{ a|re|ignorecase: Y }', '{"a":"xyz"}', true, 'spec: re, i'],
  ["{ a|re: '(?i)Y' }", '{"a":"xyz"}', true, 'a leading flag'],
  ["{ a|re: '^y' }", '{"a":"x\\ny"}', false, 'spec: re, m'],
  ["{ a|re|m: '^y' }", '{"a":"x\\ny"}', true, 'spec: re, m'],
  ["{ a|re: 'x.y' }", '{"a":"x\\ny"}', false, 'spec: re, s'],
  ["{ a|re|s: 'x.y' }", '{"a":"x\\ny"}', true, 'spec: re, s'],
  ["{ a|re|s|i: 'X.Y' }", '{"a":"x\\ny"}', true, 'spec: re, flags together'],
  [String.raw`{ a|re: '\\\*' }`, String.raw`{"a":"\\*"}`, true, 're is read as it is written'],
  [String.raw`{ a|re: '^\d+$' }`, '{"a":4624}', true, 'numbers as texts'],
  ["{ a|re: ['x', 'y'] }", '{"a":"y"}', true, 'spec: lists are OR'],
  ["{ a|re|all: ['x', 'y'] }", '{"a":"y"}', false, 'spec: all'],
  // Networks
  ['{ a|cidr: 192.0.2.0/24 }', '{"a":"192.0.2.77"}', true, 'spec: cidr'],
  ['{ a|cidr: 192.0.2.0/24 }', '{"a":"192.0.3.77"}', false, 'spec: cidr'],
  ['{ a|cidr: "2001:db8::/32" }', '{"a":"2001:DB8::1"}', true, 'spec: cidr'],
  ['{ a|cidr: 192.0.2.0/24 }', '{"a":"::ffff:192.0.2.1"}', true, 'a mapped address is the IPv4 address'],
  ['{ a|cidr: 0.0.0.0/0 }', '{"a":"unknown"}', false, 'what is no address is in no network'],
  ['{ a|cidr: 0.0.0.0/0 }', '{"a":7}', false, 'what is no address is in no network'],
  ['{ a|cidr: [192.0.2.0/24, 198.51.100.0/24] }', '{"a":["203.0.113.1","198.51.100.9"]}', true, 'lists and arrays'],
  // Comparisons
  ['{ a|gt: 5 }', '{"a":6}', true, 'spec: gt'],
  ['{ a|gt: 5 }', '{"a":5}', false, 'spec: gt'],
  ['{ a|gte: 5 }', '{"a":5}', true, 'spec: gte'],
  ['{ a|lt: 5 }', '{"a":"4.9"}', true, 'numbers as texts'],
  ['{ a|lte: 5 }', '{"a":"5.0"}', true, 'numbers as texts'],
  ['{ a|lt: 5 }', '{}', false, 'spec: a missing field is false'],
  ['{ a|lte: 5 }', '{"a":null}', false, 'spec: a missing field is false'],
  ['{ a|gte: 5 }', '{"a":"many"}', false, 'what is no number compares with none'],
  ['{ a|gt: -2 }', '{"a":-1.5}', true, 'negative numbers'],
  ['{ a|lt: -2 }', '{"a":"-10"}', true, 'negative numbers as texts'],
  ['{ a|gt: "9007199254740992" }', '{"a":"9007199254740993"}', true, '64 bits, exact as text'],
  ['{ a|gt: "9007199254740993" }', '{"a":"9007199254740993"}', false, '64 bits, exact as text'],
  ['{ a|gt: 1000 }', '{"a":"1e5"}', false, 'an exponent in a text is no number'],
  ['{ a|gt: 1000 }', '{"a":1e30}', true, 'large numbers'],
  ['{ a|lt: "0.1" }', '{"a":1e-9}', true, 'small numbers'],
  // fieldref
  ['{ a|fieldref: b }', '{"a":"x","b":"X"}', true, 'spec: fieldref'],
  ['{ a|fieldref: b }', '{"a":"x","b":"y"}', false, 'spec: fieldref'],
  ['{ a|fieldref: b }', '{"a":"x"}', false, 'the other field is missing'],
  ['{ a|fieldref: b }', '{}', false, 'both are missing'],
  ['{ a|fieldref: b }', '{"a":null,"b":null}', false, 'null equals nothing'],
  ['{ a|fieldref: b }', '{"a":7,"b":"7"}', true, 'numbers as texts'],
  ['{ a|fieldref|cased: b }', '{"a":"x","b":"X"}', false, 'cased'],
  ['{ a|fieldref|startswith: b }', '{"a":"xyz","b":"xy"}', true, 'pySigma: fieldref with startswith'],
  ['{ a|fieldref|endswith: b }', '{"a":"xyz","b":"xy"}', false, 'pySigma: fieldref with endswith'],
  ['{ a|fieldref|contains: b }', '{"a":"xyz","b":"Y"}', true, 'pySigma: fieldref with contains'],
  ['{ a|fieldref: b.c }', '{"a":["p","q"],"b":[{"c":"q"}]}', true, 'one element of each is enough'],
  // Paths and arrays
  ['{ a.b: x }', '{"a":{"b":"x"}}', true, 'dotted paths'],
  ['{ a.b: x }', '{"a.b":"x"}', true, 'a flat key'],
  ['{ a.b: x }', '{"a.b":"y","a":{"b":"x"}}', false, 'a flat key wins'],
  [String.raw`{ 'a\.b.c': x }`, '{"a.b":{"c":"x"}}', true, 'an escaped dot'],
  ['{ a: x }', '{"a":["y","X"]}', true, 'one element is enough'],
  ['{ a: x }', '{"a":[]}', false, 'an empty array has no element'],
  ['{ a: x }', '{"a":[["x"]]}', true, 'arrays in arrays'],
  ['{ a.b: x }', '{"a":[{"b":"y"},{"b":"x"}]}', true, 'one element, along the path'],
  ['{ a.b: x }', '{"a":[{"b":["y","x"]}]}', true, 'one element, along the path'],
  ["{ 'a[1].b': x }", '{"a":[{"b":"y"},{"b":"x"}]}', true, 'zero-based subscripts'],
  ["{ 'a[0].b': x }", '{"a":[{"b":"y"},{"b":"x"}]}', false, 'zero-based subscripts'],
  ["{ 'a[2]': null }", '{"a":[1,2]}', true, 'a subscript behind the end'],
  ['{ a|contains|all: [x, y] }', '{"a":["1x","2y"]}', true, 'different elements may satisfy the values'],
  ['{ a.b: x, a.c: y }', '{"a":[{"b":"x"},{"c":"y"}]}', true, 'different elements may satisfy the items'],
  // any and all over elements
  ['{ a|any: { b: x, c: y } }', '{"a":[{"b":"x"},{"c":"y"}]}', false, 'ours: one element satisfies the map'],
  ['{ a|any: { b: x, c: y } }', '{"a":[{"b":"x","c":"Y"}]}', true, 'ours: one element satisfies the map'],
  ['{ a|any: { b|startswith: x } }', '{"a":[{"b":"xyz"}]}', true, 'ours: modifiers inside'],
  ['{ a|any: [{ b: x }, { b: y }] }', '{"a":[{"b":"y"}]}', true, 'ours: one of several maps'],
  ['{ a|any: { b: x } }', '{"a":{"b":"x"}}', true, 'ours: one object is a list of one'],
  ['{ a|any: { b: null } }', '{"a":["x",null,7]}', false, 'ours: what is no object satisfies nothing'],
  ['{ a|any: { b: null } }', '{}', false, 'ours: no element'],
  ['{ a|all: { b: x } }', '{"a":[{"b":"x"},{"b":"X"}]}', true, 'ours: each element'],
  ['{ a|all: { b: x } }', '{"a":[{"b":"x"},{"b":"y"}]}', false, 'ours: each element'],
  ['{ a|all: { b: x } }', '{"a":[]}', false, 'ours: not of an empty array'],
  ['{ a|all: { b: x } }', '{}', false, 'ours: not of a missing one'],
  ['{ a|any: { b|any: { c: x } } }', '{"a":[{"b":[{"c":"x"}]}]}', true, 'ours: nested'],
  ['{ a.b|any: { c: x } }', '{"a":[{"b":[{"c":"x"}]}]}', true, 'ours: along a path'],
  ['{ a|any: { b|fieldref: c } }', '{"b":"x","c":"x","a":[{"b":"x","c":"y"}]}', false, 'ours: fields of the element'],
  // Keywords
  ['[x, y]', '{"a":{"b":["--Y--"]}}', true, 'spec: keywords, anywhere'],
  ['[x, y]', '{"x":1}', false, 'names are no values'],
  ['x', '{"a":"xyz"}', true, 'a single keyword'],
  ['[4624]', '{"a":4624}', true, 'numbers, too'],
  ['[24]', '{"a":4624}', true, 'part of a number as text'],
  ["['a*c']", '{"x":"--abc--"}', true, 'wildcards'],
  ["{ '|all': [x, y] }", '{"a":"x","b":"y"}', true, 'spec: all keywords'],
  ["{ '|all': [x, y] }", '{"a":"x"}', false, 'spec: all keywords'],
  ["{ '|re': '^x$' }", '{"a":"x"}', true, 'a regular expression over all values'],
  ["{ '|cased': X }", '{"a":"x"}', false, 'cased keywords'],
  ['[true]', '{"a":true}', true, 'a boolean'],
  [
    '[okta]',
    '{"p_log_type":"Okta.SystemLog","p_source":"okta","udm":{"actor_user":"okta"}}',
    false,
    'standard fields are ours',
  ],
  ['[{ a: x }, y]', '{"b":"y"}', true, 'maps and keywords mixed'],
];

it.each(selections)('%s on %s: %s (%s)', (selection, event, expected) => {
  const { condition } = parseDetection({ selection: parse(selection), condition: 'selection' });
  expect(condition !== undefined && compileCondition(condition)(JSON.parse(event))).toBe(expected);
});

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
