/** A small repository in which nothing is wrong. */
export const soundContent: Readonly<Record<string, string>> = {
  'fixtures/add.json': `{ "uuid": "1", "published": "2026-01-01T00:00:00Z", "eventType": "add", "target": [{ "id": "u1" }] }\n`,
  'detections/adds.yml': `# The adds.
title: Adds
id: 4AE68615-866F-4304-B24B-BA048DFA5CA7
author: Somebody
date: 2026/01/02
level: low
logsource: { product: okta, service: okta }
detection:
  add: { eventType: add }
  condition: add
falsepositives: Support.
dedup: { by: ['target[0].id'], period: 2h }
context: { member: { from: 'target[0].id' } }
destinations: []
aliases: [older, old]
tests:
  - { name: an add, log: fixtures/add.json, expect: { match: true } }
  - name: something else
    log: fixtures/add.json
    with: { eventType: other }
    without: [target]
    expect: { match: false }
`,
  'detections/repeated.yml': `title: Repeated adds
query: adds-by-member
dedup: { by: [member] }
renotify: [adds]
tests:
  - name: three adds
    now: 2026-02-01T11:00:00+01:00
    steps:
      - { at: +1h, log: { uuid: a, eventType: add }, sameEvent: true }
      - { at: 0, expect: { alerts: [{ level: medium }] } }
      - { at: -20d, log: fixtures/add.json, times: 3, every: 1d }
    expect: { rows: [{ adds: 3 }] }
`,
  'scheduled-queries/adds-by-member.yml': `title: Adds by member
query: |
  SELECT
    p_alert_context ->> 'member' AS member,
    count(*) AS adds
  FROM
    rule_matches
  WHERE
    p_rule_id = 'adds'
    AND p_occurs_since('30 days')
  GROUP BY
    p_alert_context ->> 'member'
schedule: { every: 1h }
lookback: 30d
`,
};
