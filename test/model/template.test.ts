import { expect, it } from 'vitest';
import { parseTemplate, renderTemplate, templatePaths } from '../../framework/model/template.ts';

const event = { actor: { alternateId: 'it@example.com', tags: ['a', 'b'] }, count: 0, none: null };

it.each([
  ['{actor.alternateId} did it', 'it@example.com did it'],
  ['{ actor.alternateId }', 'it@example.com'],
  ['{count} times', '0 times'],
  ['{none} and {missing.path}', '<none> and <missing.path>'],
  ['{actor.tags}', '["a","b"]'],
  ['a {{brace}}', 'a {brace}'],
  ['', ''],
])("'%s' reads '%s'", (text, expected) => {
  expect(renderTemplate(parseTemplate(text), event)).toBe(expected);
});

it('names the paths that it reads', () => {
  expect(templatePaths(parseTemplate('{a.b} to {c[0]}'))).toEqual(['a.b', 'c[0]']);
});

it.each([
  ['{open', 'MODEL_TEMPLATE_INVALID'],
  ['{}', 'MODEL_TEMPLATE_INVALID'],
  ['{a..b}', 'MODEL_PATH_INVALID'],
])("'%s' is refused", (text, code) => {
  expect(() => parseTemplate(text)).toThrow(expect.objectContaining({ code }));
});
