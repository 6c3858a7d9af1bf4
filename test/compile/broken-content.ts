/** A content repository in which everything is wrong once. */
export const brokenContent: Readonly<Record<string, string>> = {
  'margay.config.ts': `import { defineConfig } from 'margay';

export default defineConfig({
  destinations: { slack: { type: 'file', path: 'alerts.ndjson', levels: ['high+'] } },
  logTypes: { 'Okta.SystemLogs': { retention: '365d' }, 'Broken.Log': { retention: '30d' } },
});
`,
  'log-types/acme.yml': `logType: Acme.Audit
description: What happens in Acme.
reference: https://docs.example.com/audit
eventTime: tiem
eventId: id
model: { actor_user: user.nmae, actor_usr: user.name }
fields:
  id: { type: string }
  time: { type: timestmp }
  p_source: { type: string }
  user: { type: object, fields: { name: { type: string, indicators: [user] } } }
  tags: { type: array, fields: { a: { type: string } } }
  size: { type: bigint, items: { type: string } }
`,
  'log-types/acme-again.yml': `logType: Acme.audit
description: Once more.
retention: 12h
archive: a month
silentAfter: 0
reference: docs.example.com
eventTime: time
fields: { time: { type: timestamp } }
`,
  'log-types/okta.yml': `logType: Okta.SystemLog
description: Built in already.
reference: https://docs.example.com/okta
eventTime: time
fields: { time: { type: timestamp } }
`,
  'lookups/rule-matches.yml': `description: The name of a standard table.
columns: { id: { type: string } }
key: id
rows: []
`,
  'lookups/okta/systemlog.yml': `description: The name of the table of a log type.
columns: { id: { type: string } }
key: id
rows: []
`,
  'lookups/okta-systemlog.yml': `description: The same again.
columns: { id: { type: string } }
key: id
rows: []
`,
  'lookups/shape.yml': `descripton: Misspelt.
columns:
  p_event_time: { type: timestamp }
  e-mail: { type: txt }
  Name: { type: string }
  name: { type: string }
key: nmae
`,
  'lookups/rows.yml': `description: Rows that are wrong.
columns: { account: { type: string }, size: { type: bigint }, since: { type: timestamp } }
key: account
rows:
  - { account: a@example.com, size: 9007199254740993 }
  - { account: a@example.com, size: '3' }
  - { acount: b@example.com, since: 2026-01-15 }
`,
  'lookups/both.yml': `description: Both.
columns: { id: { type: string } }
key: id
rows: [{ id: a }]
file: data.csv
`,
  'lookups/gone.yml': `description: Rows elsewhere.
columns: { id: { type: string } }
key: id
file: dat.csv
`,
  'lookups/outside.yml': `description: Rows outside.
columns: { id: { type: string } }
key: id
file: ../fixtures/session.json
`,
  'lookups/data.yml': `description: A CSV file in which everything is wrong.
columns: { id: { type: string }, size: { type: bigint }, on: { type: boolean } }
key: id
file: data.csv
`,
  'lookups/data.csv': `id,sise,size,size,on
a,,many,,TRUE
b,1
a,,2,,true
,,3,,false
"c""d,1,1,1,1
`,
  'lookups/headless.yml': `description: A CSV file without its key.
columns: { id: { type: string }, size: { type: bigint } }
key: id
file: headless.csv
`,
  'lookups/headless.csv': 'size\n1\n2\n',
  'lookups/lines.yml': `description: An NDJSON file in which everything is wrong.
columns: { id: { type: string }, size: { type: bigint } }
key: id
file: lines.ndjson
`,
  'lookups/lines.ndjson': `{"id":"a","size":"1"}
{"id":"b","sise":1}
{"id":"c",}
[1]
{"size":1}
`,
  'fixtures/session.json': '{ "eventType": "user.session.start", "published": "2026-01-01T00:00:00Z", "uuid": "1" }\n',
  'fixtures/broken.json': '{ "eventType": "user.session.start",\n  "uuid": 1,, }\n',
  'fixtures/list.json': '[{}]\n',
  'detections/keys.yml': `title: Keys
titel: Keys
level: hgih
status: tested
id: keys
tags: [attack.T1556, attack.t1556]
loglevel: 3
logTypes: Okta.SystemLog
detecton: { a: { eventType: x }, condition: a }
dedup: { on: [actor.id], period: 1 fortnight }
threshold: 0
alert: maybe
mode:
`,
  'detections/missing.yml': `level: low
detection: { a: { eventType: x }, condition: a }
`,
  'detections/source.yml': `title: No source
detection: { a: { eventType: x }, condition: a }
dedup: { by: [actor.id] }
`,
  'detections/unknown-log-type.yml': `title: Unknown log type
logTypes: [Okta.SystemLogs]
detection: { a: { eventType: x }, condition: a }
dedup: { by: [actor.id] }
tests:
  - { name: a, log: fixtures/session.json, expect: { match: true } }
  - { name: b, log: fixtures/session.json, logType: Okta.Log, expect: { match: false } }
`,
  'detections/logsource.yml': `title: From elsewhere
logsource: { product: windows, category: process_creation }
detection: { a: { Image: x }, condition: a }
dedup: { by: [Image] }
`,
  'detections/condition.yml': `title: No condition
logTypes: [Okta.SystemLog]
dedup: { by: [actor.id] }
context: { who: { type: string } }
tests:
  - { name: a, log: fixtures/session.json, expect: { match: true } }
`,
  'detections/fields.yml': `title: Fields
logTypes: [Okta.SystemLog]
detection:
  added:
    eventtype: group.user_membership.add
    'target|any': { type: UserGroup, displayNmae: Bypass MFA }
    target.id: x
    actor.alternatId|startswth: svc-
    udm.actor_usr: x
    p_any_ip_adresses: 192.0.2.1
    debugContext.debugData.anything: fine
  condition: >-
    added
    and not other
alertTitle: '{actor.alternateId} added {target[0].altrnateId}'
dedup: { by: ['target[zero].id', actor.di] }
unique: client.ip
context: { member: { from: actor.emial } }
destinations: [slak]
renotify: [eventType]
aliases: [keys, old/name, old/name]
`,
  'detections/template.yml': `title: Template
logTypes: [Okta.SystemLog]
detection: { a: { eventType: x }, condition: a }
alertTitle: '{actor.id} did {it'
dedup: { period: 1h }
`,
  'detections/tests.yml': `title: Tests
logTypes: [Okta.SystemLog]
detection: { a: { eventType: x }, condition: a }
dedup: { by: [actor.id] }
tests:
  - { name: gone, log: fixtures/sesion.json, expect: { match: true } }
  - { name: outside, log: ../secrets.json, expect: { match: true } }
  - { name: broken, log: fixtures/broken.json, expect: { match: true } }
  - { name: a list, log: fixtures/list.json, expect: { match: true } }
  - { name: a wrong patch, log: fixtures/session.json, with: { eventTyp: x }, without: [udi], expect: { match: false } }
  - { name: nothing expected, log: fixtures/session.json }
  - { name: not a match, log: fixtures/session.json, expect: { match: 'yes', titel: x } }
  - { name: twice, log: fixtures/session.json, expect: { match: true } }
  - { name: twice, log: { eventType: x }, expect: { match: true } }
  - { name: a wrong log type, log: { eventType: x }, logType: Okta.Systemlog, expect: { match: true } }
  - name: timeline
    now: yesterday
    steps:
      - { at: 5 ago, log: fixtures/session.json }
      - { at: -1h, log: fixtures/session.json, tims: 3 }
      - { at: +1h, expect: {} }
      - 3
    expect: { rows: [] }
  - name: timeline without end
    runs: scheduled
    steps: [{ at: -1h, log: fixtures/session.json }]
`,
  'detections/several.yml': `title: Several log types
logTypes: [Okta.SystemLog, Other.Log]
detection: { a: { eventType: x }, condition: a }
dedup: { by: [eventType] }
tests:
  - { name: which, log: fixtures/session.json, expect: { match: true } }
  - { name: this one, log: fixtures/session.json, logType: Okta.SystemLog, expect: { match: false } }
`,
  'log-types/broken.yml': `logType: Broken.Log
description: Without fields.
reference: https://docs.example.com/broken
eventTime: time
`,
  'detections/broken-log-type.yml': `title: Says nothing more than its log type
logTypes: [Broken.Log]
detection: { a: { anything: x }, condition: a }
dedup: { by: [anything] }
tests:
  - { name: a, log: { anything: x }, expect: { match: true } }
  - { name: b, log: { anything: y }, logType: Broken.Log, expect: { match: false } }
`,
  'log-types/other.yml': `logType: Other.Log
description: With a field in common.
reference: https://docs.example.com/other
eventTime: time
fields: { time: { type: timestamp }, eventType: { type: string } }
`,
  'detections/scheduled.yml': `title: Scheduled
query: adds
logTypes: [Okta.SystemLog]
detection: { a: { usr|contains: x }, condition: a }
alertTitle: '{user} added {n} times'
dedup: { by: [user], period: 1h }
renotify: [count]
threshold: 3
tests:
  - { name: a record, log: fixtures/session.json, expect: { match: true } }
`,
  'detections/no-query.yml': `title: Query is missing
query: add
`,
  'detections/syntax.yml': 'title: Syntax\nlogTypes: [Okta.SystemLog\nlevel: low\n',
  'detections/twice.yml': 'title: Twice\ntitle: Twice\n',
  'detections/two.yml': 'title: One\n---\ntitle: Two\n',
  'detections/Two.yml': 'title: One\n---\ntitle: Two\n',
  'detections/orphan.ts': 'export {};\n',
  'detections/with space.yml': 'just a text\n',
  'scheduled-queries/adds.yml': `title: Adds
query: |
  SELECT p_alert_context ->> 'user' AS user, count(*) AS adds
  FROM rule_matches
  WHERE p_rule_id = 'field'
    AND p_occurs_since('30 minutes')
  GROUP BY p_alert_context ->> 'user'
schedule: { every: 1h }
lookback: 30m
tests:
  - { name: a record, log: fixtures/session.json, expect: { match: true } }
  - name: timeline
    steps: [{ at: -1h, log: fixtures/session.json, logType: Okta.SystemLog }]
    expect: { rows: [{ usr: x }], alerts: [{ lvel: high, notifications: 1 }], matches: [{ rule_id: x }] }
`,
  'scheduled-queries/schedule.yml': `title: Schedule
query: ''
schedule: { every: 1h, cron: '0 * * * *' }
settle: -1m
catchUp: newest
maxRows: many
`,
  'scheduled-queries/lookback.yml': `title: Lookback
query: |
  SELECT member
  FROM (SELECT p_dedup AS member FROM rule_matches WHERE p_rule_id = 'fields' AND p_occurs_since('2 hours')) AS m
schedule: { every: 1h }
lookback: 1d
`,
  'scheduled-queries/cron.yml': `title: Cron
query: |
  SELECT
    eventType,
    actr
  FROM okta_systemlog
schedule: { cron: 0 25 * * * }
`,
};
