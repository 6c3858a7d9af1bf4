import { expect, it } from 'vitest';
import { nearest, suggest } from '../../framework/model/suggest.ts';

const fields = ['actor.alternateId', 'actor.id', 'eventType', 'target[0].displayName'];

it.each([
  ['eventtype', 'eventType'],
  ['event_type', 'eventType'],
  ['evnetType', 'eventType'],
  ['actor.altId', undefined],
  ['actor.alternatId', 'actor.alternateId'],
  ['target[0].dispalyName', 'target[0].displayName'],
  ['colour', undefined],
])('%s is nearest to %s', (word, expected) => {
  expect(nearest(word, fields)).toBe(expected);
});

it('lists what is known when nothing is near', () => {
  expect(suggest('colour', fields)).toBe('Known: actor.alternateId, actor.id, eventType, target[0].displayName.');
  expect(suggest('zzzz', 'abcdefghij'.split(''))).toBe('Known: a, b, c, d, e, f, g, h, … (10 in all).');
  expect(suggest('colour', [])).toBeUndefined();
});
