import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commonFields } from '../../../framework/model/common-fields.ts';
import { indicatorFields } from '../../../framework/model/indicators.ts';
import type { LogField } from '../../../framework/model/log-type.ts';
import { eventTable } from '../../../framework/model/standard-tables.ts';
import { eventRow, normaliseBatch } from '../../../framework/runtime/normalise/index.ts';
import { okta, oktaFixture } from './okta-log-type.ts';
import { batchOf } from './toy-log-type.ts';

const names = readdirSync(new URL('../../../fixtures/okta/', import.meta.url)).map((file) => file.replace('.json', ''));

const normalise = (name: string) => normaliseBatch(batchOf(JSON.stringify(oktaFixture(name))), okta);

it('there are ten samples and each has an id of its own', () => {
  expect(names).toHaveLength(10);
  expect(new Set(names.map((name) => oktaFixture(name).uuid)).size).toBe(10);
});

it.each(names)('%s is an event that the log type fully describes', (name) => {
  const { events, deadLetters } = normalise(name);
  expect(deadLetters).toEqual([]);
  const [event] = events;
  expect(event).toMatchObject(oktaFixture(name));
  expect(event && eventRow(event, okta)).toMatchObject({ p_extra: null, uuid: oktaFixture(name).uuid });
  expect(undescribed(oktaFixture(name), { type: 'object', fields: okta.fields }, '')).toEqual([]);
});

it('each field is described, and each indicator and common field is known', () => {
  const check = (fields: Readonly<Record<string, LogField>>): void => {
    for (const field of Object.values(fields)) {
      expect(field.description).toMatch(/\.$/);
      for (const kind of [...(field.indicators ?? []), ...(field.items?.indicators ?? [])])
        expect(indicatorFields).toHaveProperty(kind);
      check(field.fields ?? field.items?.fields ?? {});
    }
  };
  check(okta.fields);
  for (const name of Object.keys(okta.model)) expect(commonFields).toHaveProperty(name);
});

it('an add to a group has its common fields and indicators', () => {
  expect(normalise('group-membership-add').events).toMatchObject([
    {
      p_log_type: 'Okta.SystemLog',
      p_event_time: '2026-03-02T09:14:27.381Z',
      p_any_emails: ['bart@example.com', 'it@example.com'],
      p_any_ip_addresses: ['198.51.100.23'],
      p_any_usernames: ['it@example.com'],
      p_any_domain_names: ['example.org'],
      udm: {
        actor_user: 'it@example.com',
        event_type: 'group.user_membership.add',
        event_result: 'SUCCESS',
        source_ip: '198.51.100.23',
        source_country: 'Netherlands',
        source_asn: '64500',
      },
      target: [
        { alternateId: 'bart@example.com', type: 'User' },
        { displayName: 'Bypass MFA', type: 'UserGroup' },
      ],
    },
  ]);
});

it('the row of an event has exactly the columns of its table', () => {
  const [event] = normalise('session-start').events;
  const row = event && eventRow({ ...event, published: '2026-03-02T08:58:02.114+01:00', surprise: 7 }, okta);
  expect(Object.keys(row ?? {}).sort()).toEqual(
    eventTable(okta)
      .columns.map(({ name }) => name)
      .sort(),
  );
  expect(row).toMatchObject({ published: '2026-03-02T07:58:02.114Z', p_extra: { surprise: 7 }, p_any_aws_arns: null });
});

/** Paths of a record that the log type has no field for. */
function undescribed(value: unknown, field: LogField | undefined, path: string): readonly string[] {
  if (!field) return [path];
  if (field.type === 'json' || value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) return value.flatMap((element, i) => undescribed(element, field.items, `${path}[${i}]`));
  return Object.entries(value).flatMap(([name, inner]) => undescribed(inner, field.fields?.[name], `${path}.${name}`));
}
