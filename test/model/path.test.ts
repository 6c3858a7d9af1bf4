import { expect, it } from 'vitest';
import { getPath, parsePath, removePath, setPath } from '../../framework/model/path.ts';

const event = {
  actor: { alternateId: 'it@example.com' },
  target: [{ type: 'User' }, { type: 'UserGroup', displayName: 'Bypass MFA' }],
  'flat.key': 1,
  labels: { 'app.kubernetes.io/name': 'web' },
};

it.each([
  ['actor.alternateId', 'it@example.com'],
  ['target[1].displayName', 'Bypass MFA'],
  ['flat.key', 1],
  ['labels.app\\.kubernetes\\.io/name', 'web'],
  ['target[7].displayName', undefined],
  ['actor.alternateId.length', undefined],
  ['target.type', undefined],
  ['constructor', undefined],
  ['actor.__proto__', undefined],
])('%s leads to %s', (path, expected) => {
  expect(getPath(event, path)).toBe(expected);
});

it.each(['', '.', 'a.', '.a', 'a..b', '[0]', 'a[x]', 'a[-1]', 'a[0', 'a]'])("'%s' is no path", (text) => {
  expect(() => parsePath(text)).toThrow(expect.objectContaining({ code: 'MODEL_PATH_INVALID' }));
});

it('setting leaves the original as it was, and makes what is missing', () => {
  const changed = setPath(event, 'target[1].displayName', 'Engineering');
  expect(getPath(changed, 'target[1].displayName')).toBe('Engineering');
  expect(getPath(event, 'target[1].displayName')).toBe('Bypass MFA');
  expect(setPath({}, 'a.b[1].c', true)).toEqual({ a: { b: [undefined, { c: true }] } });
});

it('removing takes away a key or an element, and nothing where the path leads nowhere', () => {
  expect(removePath(event, 'target[0]')).toMatchObject({ target: [{ type: 'UserGroup' }] });
  expect(removePath(event, 'actor.alternateId').actor).toEqual({});
  expect(removePath(event, 'actor.nothing')).toBe(event);
});
