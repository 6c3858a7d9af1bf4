import { describe, expect, it } from 'vitest';
import { compileContent } from '../../../framework/compile/index.ts';
import { contentFolder } from '../content/content-folder.ts';

const adds = `title: Adds
logTypes: [Okta.SystemLog]
detection: { add: { eventType: add }, condition: add }
dedup: { by: ['target[0].id'] }
context: { member: { from: 'target[0].id' } }
tests:
  - { name: an add, log: { uuid: a, eventType: add }, expect: { match: true } }
  - { name: another, log: { uuid: a, eventType: x }, expect: { match: false } }
`;

const timeline = `tests:
  - name: nothing
    steps: [{ at: -1m, log: { uuid: a, eventType: x } }]
    expect: { alerts: [] }
`;

function query(sql: string, schedule: string): string {
  return `title: Query
query: |
  ${sql}
${schedule}
tests:
  - name: nothing
    steps: [{ at: -1m, log: { uuid: a, eventType: x }, logType: Okta.SystemLog }]
    expect: { rows: [] }
`;
}

/** The findings about windows, with the text that they point at. */
async function findings(files: Readonly<Record<string, string>>) {
  const { problems } = await compileContent({ root: await contentFolder(files), types: false });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return problems
    .filter(({ code }) => ['COMPILE_WINDOW_GAP', 'COMPILE_MATCHES_REPEATED', 'COMPILE_DEDUP_UNSTABLE'].includes(code))
    .map(({ code, message, hint, where }) => {
      const line = files[where?.file ?? '']?.split('\n')[(where?.line ?? 1) - 1] ?? '';
      return { code, message, hint, at: line.slice((where?.col ?? 1) - 1).slice(0, 24) };
    });
}

const events = (window: string) => `SELECT uuid FROM okta_systemlog WHERE p_occurs_since('${window}')`;
const gapsOf = (sql: string, schedule: string) => findings({ 'scheduled-queries/q.yml': query(sql, schedule) });

describe('a window leaves a gap', () => {
  it.each([
    [
      'when it is shorter than the interval',
      events('30 minutes'),
      'schedule: { every: 1h }',
      'The query runs every 1h and reads 30m of okta_systemlog: what happens in the 30m between is never read.',
      "Write p_occurs_since('1h1m').",
    ],
    [
      'when it is shorter than the longest interval of a cron expression',
      events('1 day'),
      "schedule: { cron: '0 6 * * 1-5' }",
      'The query runs every 3d at the longest and reads 1d of okta_systemlog: what happens in the 2d between is never read.',
      "Write p_occurs_since('3d1h').",
    ],
    [
      'when nothing allows for events that arrive late',
      events('1 hour'),
      'schedule: { every: 1h }\nsettle: 0s',
      'The query runs every 1h and reads 1h of okta_systemlog: what arrives late is never read.',
      "Write p_occurs_since('1h1m'), or 'settle: 1m'.",
    ],
    [
      'when little does',
      events('1 hour'),
      'schedule: { every: 1h }\nsettle: 10s',
      'The query runs every 1h and reads 1h of okta_systemlog: what arrives more than 10s late is never read.',
      "Write p_occurs_since('1h1m'), or 'settle: 1m'.",
    ],
  ])('%s', async (_, sql, schedule, message, hint) => {
    const [call = ''] = /p_occurs_since.*/.exec(sql) ?? [];
    expect(await gapsOf(sql, schedule)).toEqual([{ code: 'COMPILE_WINDOW_GAP', message, hint, at: call.slice(0, 24) }]);
  });

  it.each([
    ['when it is the interval and the query settles', events('1 hour'), 'schedule: { every: 1h }'],
    ['when it is longer than the interval', events('61 minutes'), 'schedule: { every: 1h }\nsettle: 0s'],
    ['when it covers the weekend', events('73 hours'), "schedule: { cron: '0 6 * * 1-5' }"],
    [
      'when it only says something about rows',
      `SELECT uuid FROM okta_systemlog o WHERE p_occurs_since('1 day') AND NOT EXISTS (SELECT 1 AS one FROM rule_matches m WHERE m.p_row_id = o.p_row_id AND p_occurs_since('10 minutes'))`,
      'schedule: { every: 1h }',
    ],
    [
      'when the table holds the latest state',
      "SELECT title FROM alerts WHERE p_occurs_since('10 minutes', created_at)",
      'schedule: { every: 1h }',
    ],
    ['when there is none', 'SELECT title FROM alerts', 'schedule: { every: 1h }'],
  ])('and none %s', async (_, sql, schedule) => {
    expect(await gapsOf(sql, schedule)).toEqual([]);
  });
});

describe('what a scheduled detection matched', () => {
  const counted = (window: string) =>
    query(
      `SELECT p_alert_context ->> 'member' AS member, count(*) AS n FROM rule_matches WHERE p_rule_id = 'adds' AND p_occurs_since('${window}') GROUP BY p_alert_context ->> 'member'`,
      'schedule: { every: 1h }\nsettle: 10m',
    );
  const repeated = `title: Repeated\nquery: counted\ndedup: { by: [member] }\n${timeline}`;
  const reading = (sql: string, schedule: string, window = '1 day') =>
    findings({
      'detections/adds.yml': adds,
      'detections/repeated.yml': repeated,
      'scheduled-queries/counted.yml': counted(window),
      'scheduled-queries/q.yml': query(sql, schedule),
    });
  const ofRepeated = "FROM rule_matches WHERE p_rule_id = 'repeated' AND";

  it('comes as late as its query settles', async () => {
    const sql = `SELECT p_dedup ${ofRepeated} p_occurs_since('1 hour')`;
    expect(await reading(sql, 'schedule: { every: 1h }\nsettle: 5m')).toEqual([
      {
        code: 'COMPILE_WINDOW_GAP',
        message:
          "The query runs every 1h and reads 1h of rule_matches: what arrives more than 5m late is never read, and the matches of 'repeated' come 10m after their time.",
        hint: "Write p_occurs_since('1h11m'), or 'settle: 11m'.",
        at: "p_occurs_since('1 hour')",
      },
    ]);
    expect(await reading(sql, 'schedule: { every: 1h }\nsettle: 11m')).toEqual([]);
  });

  it('is counted once for each run that returned it', async () => {
    const sql = `SELECT p_dedup, count(*) AS n, count(DISTINCT p_dedup) AS d ${ofRepeated} p_occurs_since('7 days') GROUP BY p_dedup`;
    expect(await reading(sql, 'schedule: { every: 1d }')).toEqual([
      {
        code: 'COMPILE_MATCHES_REPEATED',
        message:
          "count(*) counts what 'repeated' found once for each run: its query runs every 1h over 1d, and each run records a match for every row.",
        hint: 'Write count(DISTINCT p_dedup), or count the matches that its query reads.',
        at: 'count(*) AS n, count(DIS',
      },
    ]);
  });

  it.each([
    ['what is distinct is counted', 'count(DISTINCT p_dedup) AS n, max(p_event_time) AS t', '1 day'],
    ['its runs never read the same', 'count(*) AS n', '1 hour'],
  ])('is no finding when %s', async (_, columns, window) => {
    const sql = `SELECT ${columns} ${ofRepeated} p_occurs_since('7 days')`;
    expect(await reading(sql, 'schedule: { every: 1d }', window)).toEqual([]);
  });
});

describe('a key column', () => {
  const sql = (window: string) =>
    `SELECT p_dedup AS member, count(*) AS n, max(p_event_time) AS last, max(p_rule_title) AS title, date_diff('hour', p_match_time, p_current_timestamp()) AS age, string_agg(p_dedup, ',' ORDER BY p_dedup NULLS LAST) AS all_keys FROM rule_matches WHERE p_rule_id = 'adds' AND p_occurs_since('${window}') GROUP BY p_dedup, p_match_time`;
  const keyed = (dedup: string, window = '1 day') =>
    findings({
      'detections/adds.yml': adds,
      'detections/repeated.yml': `title: Repeated\nquery: q\ndedup: ${dedup}\n${timeline}`,
      'scheduled-queries/q.yml': query(sql(window), 'schedule: { every: 1h }'),
    });

  it.each(['n', 'last', 'age', 'all_keys'])('that each run computes anew is a finding: %s', async (name) => {
    expect(await keyed(`{ by: [member, ${name}] }`)).toEqual([
      {
        code: 'COMPILE_DEDUP_UNSTABLE',
        message: `'${name}' is computed anew every 1h over rows that earlier runs have read: when it changes, the same finding becomes another alert.`,
        hint: `Write 'by: [member]', and 'renotify: [${name}]' to hear when it grows.`,
        at: `${name}] }`,
      },
    ]);
  });

  it.each([
    ['names the victim', '{ by: [member] }', '1 day'],
    ['is a text that an aggregate picks', '{ by: [title] }', '1 day'],
    ['is of rows that no earlier run has read', '{ by: [member, n] }', '1 hour'],
  ])('is sound when it %s', async (_, dedup, window) => {
    expect(await keyed(dedup, window)).toEqual([]);
  });

  it('that stands alone is to be replaced by one of the query', async () => {
    const [finding] = await keyed('{ by: [n] }');
    expect(finding?.hint).toBe("Write 'by: [member]', and 'renotify: [n]' to hear when it grows.");
  });
});
