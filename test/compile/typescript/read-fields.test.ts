import { ts } from 'ts-morph';
import { expect, it } from 'vitest';
import { readDetection } from '../../../framework/compile/typescript/read-detection.ts';
import { readFields } from '../../../framework/compile/typescript/read-fields.ts';

function fieldsOf(functions: string): readonly string[] | undefined {
  const text = `import { detection } from 'margay';\nexport default detection<'a'>({ ${functions} });`;
  const source = ts.createSourceFile('detections/a.ts', text, ts.ScriptTarget.Latest, true);
  return readFields(readDetection('/', source, 'a').nodes.values());
}

it.each<readonly [functions: string, fields: readonly string[]]>([
  ['rule: () => true', []],
  [
    "rule: (event) => event.eventType === 'a' && event.actor?.id !== event?.target?.[0]",
    ['actor', 'eventType', 'target'],
  ],
  ["rule: (e) => e['client']?.zone === 'a', title: (e) => e.udm.actor_user", ['client', 'udm']],
  ['rule({ actor, client: { zone } }) { return actor === zone; }', ['actor', 'client']],
  ['rule: function (event) { const seen = { event: 1 }; return seen.event === event.x; }', ['x']],
  ['rule: (event) => [1].some((n) => n === event.n)', ['n']],
])('%s reads %j', (functions, fields) => {
  expect(fieldsOf(functions)).toEqual(fields);
});

it.each([
  'rule: (event) => check(event)',
  'rule: (event) => event[name] === 1',
  "rule: (event) => 'x' in event",
  'rule: (event) => Object.keys(event).length > 1',
  'rule: (event) => { const { x } = event; return x; }',
  'rule: ({ x, ...others }) => x === others.y',
  'rule: ({ [name]: x }) => x',
  'rule: (...all) => all[0].x',
  'rule: (event = other) => event.x',
  'rule: function () { return arguments[0].x; }',
  'rule: check',
  'rule: (event) => [{ a: 1 }].some((event) => event.a === 1) && event.b',
  'rule',
  'rule: (event) => event.x, title: (event) => JSON.stringify({ event })',
])('of %s it cannot be told', (functions) => {
  expect(fieldsOf(functions)).toBeUndefined();
});
