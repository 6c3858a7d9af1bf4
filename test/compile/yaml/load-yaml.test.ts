import { describe, expect, it } from 'vitest';
import { loadYaml } from '../../../framework/compile/yaml/load-yaml.ts';

const text = `# a comment
title: An add
dedup: { by: [actor.id, 'target[0].id'] }
context:
  member:
    from: actor.id
runbook:
`;

function load(source: string) {
  return loadYaml('detections/a.yml', source);
}

it.each([
  [['title'], 'key', '2:1'],
  [['title'], 'value', '2:8'],
  [['dedup', 'by', 1], 'value', '3:25'],
  [['context', 'member', 'from'], 'value', '6:11'],
  [['context', 'member', 'from'], 'key', '6:5'],
  [['context', 'member', 'type'], 'value', '5:3'],
  [['missing'], 'value', '2:1'],
  [['runbook'], 'value', '7:1'],
] as const)('%j is located by its %s at %s', (path, part, expected) => {
  const { line, col } = load(text).yaml.locate(path, part);
  expect(`${line}:${col}`).toBe(expected);
});

it('values under an alias are located where the anchor is', () => {
  const { yaml } = load('a: &shared { x: 1 }\nb: *shared\n');
  expect(yaml.value).toEqual({ a: { x: 1 }, b: { x: 1 } });
  expect(yaml.locate(['b', 'x'])).toEqual({ file: 'detections/a.yml', line: 1, col: 17 });
});

describe('an offset into a text leads to its line and column', () => {
  it.each([
    ['a plain text', 'a: one two', 'two', '1:8'],
    ['a quoted text', `a: 'it''s two'`, 'two', '1:11'],
    ['escapes', String.raw`a: "\u00e9\t\"two"`, 'two', '1:15'],
    ['a literal block', 'a: |\n    SELECT\n      one,\n\n      two\n', 'two', '5:7'],
    ['a stripped literal block with a comment', 'a: |- # why\n  one\n  two', 'two', '3:3'],
    ['a folded block', 'a: >-\n  one\n  two\n\n  three\n', 'three', '5:3'],
    ['a plain text of several lines', 'a: one\n  two\n  three', 'three', '3:3'],
  ])('in %s', (_, source, word, expected) => {
    const { yaml } = load(source);
    const value = (yaml.value as { a: string }).a;
    const { line, col } = yaml.locateOffset(['a'], value.indexOf(word));
    expect(`${line}:${col}`).toBe(expected);
  });

  it('in a key', () => {
    const { line, col } = load("one:\n  'two|three': 1\n").yaml.locateOffset(['one', 'two|three'], 4, 'key');
    expect(`${line}:${col}`).toBe('2:8');
  });
});

it.each([
  ['a syntax error', 'a: [1, 2\nb: 3\n', 'COMPILE_YAML_INVALID', 2],
  ['a duplicate key', 'a: 1\nb: 2\na: 3\n', 'COMPILE_YAML_KEY_DUPLICATE', 3],
  ['a second document', 'a: 1\n---\nb: 2\n', 'COMPILE_YAML_MULTIPLE_DOCUMENTS', 2],
  ['a key that is a list', '? [a, b]\n: 1\n', 'COMPILE_YAML_INVALID', 1],
  ['nesting without end', `a: ${'['.repeat(20_000)}`, 'COMPILE_YAML_INVALID', 1],
  ['a bomb of aliases', bomb(), 'COMPILE_YAML_INVALID', 1],
])('%s is a problem with its line', (_, source, code, line) => {
  const { yaml, problems } = load(source);
  expect(problems[0]).toMatchObject({ code, where: { file: 'detections/a.yml', line }, severity: 'error' });
  expect(yaml.value).toBeUndefined();
});

function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i++)
    lines.push(
      `a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  return lines.join('\n');
}
