import { expect, it } from 'vitest';
import { eventScope, findFieldFlaw, rawScope, rowScope } from '../../../framework/compile/fields/field-scope.ts';
import type { LogType } from '../../../framework/model/log-type.ts';

const logType: LogType = {
  name: 'Acme.Audit',
  table: 'acme_audit',
  description: '',
  reference: '',
  logsources: [],
  eventTime: 'time',
  fields: {
    time: { type: 'timestamp' },
    actor: { type: 'object', fields: { alternateId: { type: 'string' }, extra: { type: 'json' } } },
    target: { type: 'array', items: { type: 'object', fields: { displayName: { type: 'string' } } } },
    open: { type: 'object' },
    'flat.name': { type: 'string' },
    names: { type: 'array', items: { type: 'string' } },
  },
  model: { actor_user: 'actor.alternateId' },
};

it.each([
  'time',
  'actor.alternateId',
  'actor.extra.any.thing[3]',
  'target',
  'target[12].displayName',
  'open.whatever',
  'flat.name',
  'flat\\.name',
  'names[0]',
  'udm.actor_user',
  'p_event_time',
  'p_any_ip_addresses',
])('%s is a field of an event', (path) => {
  expect(findFieldFlaw(eventScope(logType), path)).toBeUndefined();
});

it.each([
  ['act', "Did you mean 'actor'?"],
  ['actor.alt', "Did you mean 'actor.alternateId'?"],
  ['tme', "Did you mean 'time'?"],
  ['actor.alternateid', "Did you mean 'actor.alternateId'?"],
  ['user.alternateId', "Did you mean 'actor.alternateId'?"],
  ['alternateId', "Did you mean 'actor.alternateId'?"],
  ['target[3].displayNmae', "Did you mean 'target[0].displayName'?"],
  [
    'target.displayName',
    "'target' is a list: write 'target[0].displayName' for its first element, or 'target|any: { displayName: … }' in a condition.",
  ],
  ['names[0].first', undefined],
  ['actor.zzz', 'Known: actor.alternateId, actor.extra.'],
  ['udm.actor_id', "Acme.Audit does not say which field that is: map 'actor_id' under 'model' of the log type."],
  ['udm.actor_usr', "Did you mean 'udm.actor_user'?"],
  ['p_any_ips', expect.stringMatching(/^Known: /)],
  ['constructor', expect.stringMatching(/^Known: /)],
])('%s is none: %s', (path, hint) => {
  expect(findFieldFlaw(eventScope(logType), path)).toEqual({ hint });
});

it('a raw record has no standard fields, and an element of a list needs no subscript', () => {
  expect(findFieldFlaw(rawScope(logType), 'p_event_time')).toBeDefined();
  expect(findFieldFlaw(rawScope(logType), 'target.displayName', true)).toBeUndefined();
  expect(findFieldFlaw(rawScope(logType), 'target.displayNmae', true)).toBeDefined();
});

it('a row has the columns of its query', () => {
  const scope = rowScope('okta/q', [
    { name: 'member', type: 'VARCHAR' },
    { name: 'context', type: 'JSON' },
    { name: 'ips', type: 'VARCHAR[]' },
    { name: 'udm', type: 'STRUCT', fields: ['source_ip'] },
  ]);
  for (const path of ['member', 'context.a.b', 'ips[0]', 'udm.source_ip'])
    expect(findFieldFlaw(scope, path)).toBeUndefined();
  expect(findFieldFlaw(scope, 'membr')).toEqual({ hint: "Did you mean 'member'?" });
  expect(findFieldFlaw(scope, 'member.id')).toBeDefined();
  expect(findFieldFlaw(scope, 'p_event_time')).toBeDefined();
});
