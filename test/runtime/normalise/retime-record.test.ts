import { expect, it } from 'vitest';
import { retimeRecord } from '../../../framework/runtime/normalise/index.ts';
import { okta, oktaFixture } from './okta-log-type.ts';
import { toy } from './toy-log-type.ts';

const timeMs = Date.UTC(2026, 4, 5, 6, 7, 8, 90);

it.each([
  ['2026-03-02T09:00:00Z', '2026-05-05T06:07:08.090Z'],
  [1_772_442_867, 1_777_961_228],
  [1_772_442_867.5, 1_777_961_228.09],
  [1_772_442_867_000, 1_777_961_228_090],
  ['1772442867', '1777961228'],
  [undefined, '2026-05-05T06:07:08.090Z'],
  [null, '2026-05-05T06:07:08.090Z'],
])('the time %j becomes %j', (before, after) => {
  expect(retimeRecord({ time: before, text: 'a' }, toy, timeMs)).toEqual({ time: after, text: 'a' });
});

it('a record without time gets a number where the log type wants one', () => {
  const epoch = { ...toy, fields: { ...toy.fields, time: { type: 'bigint' as const } } };
  expect(retimeRecord({}, epoch, timeMs)).toEqual({ time: timeMs });
});

it('an event id makes it another event; without one it stays the same', () => {
  const before = oktaFixture('group-membership-add');
  expect(retimeRecord(before, okta, timeMs, 'e-1')).toEqual({
    ...before,
    published: '2026-05-05T06:07:08.090Z',
    uuid: 'e-1',
  });
  expect(retimeRecord(before, okta, timeMs)).toMatchObject({ uuid: before.uuid });
});

it('a numeric event id stays a number', () => {
  const numbered = { ...toy, fields: { ...toy.fields, id: { type: 'bigint' as const } } };
  const ids = ['e-1', 'e-2'].map((id) => (retimeRecord({ id: 7 }, numbered, timeMs, id) as { id: number }).id);
  expect(ids.every(Number.isSafeInteger)).toBe(true);
  expect(ids[0]).not.toBe(ids[1]);
});

it('each record of an envelope is changed', () => {
  expect(retimeRecord({ Records: [{ id: 'a' }, { id: 'b' }], more: 1 }, toy, timeMs, 'e-1')).toEqual({
    Records: [
      { id: 'e-1', time: '2026-05-05T06:07:08.090Z' },
      { id: 'e-1-1', time: '2026-05-05T06:07:08.090Z' },
    ],
    more: 1,
  });
});

it('what is no record is left alone', () => {
  expect(retimeRecord('text', okta, timeMs, 'e-1')).toBe('text');
});
