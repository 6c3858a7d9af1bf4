import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import add from '../../../../fixtures/okta/group-membership-add.json' with { type: 'json' };
import type { SearchAsk } from '../../../../framework/cli/client.ts';
import type { SearchResult } from '../../../../framework/model/search.ts';
import { openStory, type Story, withValues } from '../open-story.ts';

const doorLog = `
logType: Acme.Door
description: Doors that opened.
reference: https://example.com/doors
eventTime: at
fields:
  at: { type: timestamp }
  door: { type: string }
  seconds: { type: bigint }
  badge: { type: string, indicators: [username] }
  panel: { type: string, indicators: [ip] }
`;

let story: Story;
const nowMs = Date.now();
const hoursAgo = (hours: number): string => new Date(nowMs - hours * 3_600_000).toISOString();

beforeAll(async () => {
  story = await openStory();
  await story.publish({ 'log-types/acme-door.yml': doorLog });
  const okta = (uuid: string, hours: number, ip: string) =>
    withValues(add, { uuid, published: hoursAgo(hours), 'client.ipAddress': ip, request: { ipChain: [] } });
  await story.send([
    okta('a', 1, '198.51.100.7'),
    okta('b', 2, '198.51.100.7'),
    okta('c', 30, '198.51.100.7'),
    okta('d', 3, '198.51.100.70'),
    okta('e', 4, '2001:DB8::0:7'),
  ]);
  const doors = [
    { at: hoursAgo(1.5), door: 'north', seconds: 4, badge: 'Bart', panel: '198.51.100.7' },
    { at: hoursAgo(5), door: "it's; DROP", badge: "o'brien", panel: '203.0.113.9' },
  ];
  const body = Buffer.from(doors.map((door) => JSON.stringify(door)).join('\n'));
  await story.client.ingest({ logType: 'Acme.Door', key: 'doors', source: '', body });
}, 120_000);
afterAll(() => story.close());

async function search(indicator: string, ask: Partial<SearchAsk> = {}): Promise<SearchResult> {
  return story.client.search({ indicator, ...ask });
}

function counts({ logTypes, matchCount }: SearchResult): Readonly<Record<string, number>> {
  return { ...Object.fromEntries(logTypes.map((one) => [one.logType, one.eventCount])), matches: matchCount };
}

describe('a search', () => {
  it('finds the events of every log type that mention an address, newest first, and the matches', async () => {
    const found = await search('198.51.100.7');
    expect(found.searched).toEqual([{ kind: 'ip', value: '198.51.100.7' }]);
    expect(counts(found)).toEqual({ 'Acme.Door': 1, 'Okta.SystemLog': 2, matches: 2 });
    expect(found.logTypes[1]).toMatchObject({ firstMs: Date.parse(hoursAgo(2)), lastMs: Date.parse(hoursAgo(1)) });
    expect(found.truncated).toBe(false);
    const mentions = [{ kind: 'ip', value: '198.51.100.7' }];
    expect(found.events).toMatchObject([
      {
        logType: 'Okta.SystemLog',
        eventTimeMs: Date.parse(hoursAgo(1)),
        summary: 'group.user_membership.add by it@example.com (SUCCESS)',
        mentions,
      },
      { logType: 'Acme.Door', summary: 'badge=Bart, door=north, panel=198.51.100.7, seconds=4', mentions },
      { logType: 'Okta.SystemLog', eventTimeMs: Date.parse(hoursAgo(2)), mentions },
    ]);
    const rows = await story.query("SELECT p_row_id FROM okta_systemlog WHERE uuid = 'a' AND p_occurs_since('2 days')");
    expect(found.events[0]?.rowId).toBe(rows[0]?.p_row_id);
    const matches = await story.query(
      "SELECT p_match_id, p_alert_id FROM rule_matches WHERE p_log_type = 'Okta.SystemLog' AND p_occurs_since('2 days') ORDER BY p_event_time DESC NULLS LAST",
    );
    expect(found.matches[0]).toMatchObject({
      ruleId: 'okta/mfa-bypass-group-member-added',
      level: 'informational',
      title: 'bart@example.com added to Bypass MFA by it@example.com',
      matchId: matches[0]?.p_match_id,
      alertId: matches[0]?.p_alert_id,
      mentions,
    });
  });

  it.each<readonly [what: string, indicator: string, ask: Partial<SearchAsk>, expected: object]>([
    [
      'goes back as far as is said',
      '198.51.100.7',
      { since: '2d' },
      { 'Acme.Door': 1, 'Okta.SystemLog': 3, matches: 3 },
    ],
    ['ends where it is said', '198.51.100.7', { since: '2d', until: '100m' }, { 'Okta.SystemLog': 2, matches: 2 }],
    ['takes times as well', '198.51.100.7', { since: hoursAgo(1.2) }, { 'Okta.SystemLog': 1, matches: 1 }],
    ['stays in a log type', '198.51.100.7', { logTypes: ['Acme.Door'] }, { 'Acme.Door': 1, matches: 0 }],
    ['finds an address in its one form', '2001:db8:0:0::7', {}, { 'Okta.SystemLog': 1, matches: 1 }],
    ['finds the addresses of a network', '198.51.100.0/24', {}, { 'Acme.Door': 1, 'Okta.SystemLog': 3, matches: 3 }],
    ['and those of a small one', '198.51.100.64/26', {}, { 'Okta.SystemLog': 1, matches: 1 }],
    ['and of one of IPv6', '2001:db8::/32', {}, { 'Okta.SystemLog': 1, matches: 1 }],
    ['finds an e-mail address in whatever case', 'BART@example.com', {}, { 'Okta.SystemLog': 4, matches: 4 }],
    ['a user name as it is written', 'Bart', {}, { 'Acme.Door': 1, matches: 0 }],
    ['and no other', 'bart', {}, { matches: 0 }],
    ['takes a value as a value', "o'brien", { type: 'username' }, { 'Acme.Door': 1, matches: 0 }],
    ['whatever is in it', "' OR 1=1 --", {}, { matches: 0 }],
    ['finds nothing of another type', 'Bart', { type: 'actor_id' }, { matches: 0 }],
    ['finds a hash by its length', 'd41d8cd98f00b204e9800998ecf8427e', { type: 'hash' }, { matches: 0 }],
  ])('%s', async (_what, indicator, ask, expected) => {
    expect(counts(await search(indicator, ask))).toEqual(expected);
  });

  it('says which addresses of a network it found', async () => {
    const { events, searched } = await search('198.51.100.64/26');
    expect(searched).toEqual([{ kind: 'ip', value: '198.51.100.64/26' }]);
    expect(events[0]?.mentions).toEqual([{ kind: 'ip', value: '198.51.100.70' }]);
  });

  it('looks for a value as everything that it has the form of', async () => {
    expect((await search('It@example.com')).searched).toEqual([
      { kind: 'username', value: 'It@example.com' },
      { kind: 'email', value: 'it@example.com' },
      { kind: 'trace_id', value: 'It@example.com' },
      { kind: 'actor_id', value: 'It@example.com' },
    ]);
    const { events } = await search('it@example.com', { limit: 1 });
    expect(events[0]?.mentions.map(({ kind }) => kind)).toEqual(['username', 'email']);
  });

  it('opens only the days that it is about', async () => {
    const [week, hour] = [
      await search('198.51.100.7', { since: '7d' }),
      await search('198.51.100.7', { since: '10m' }),
    ];
    expect(week.cost.bytesScanned).toBeGreaterThan(0);
    expect(hour.cost.bytesScanned).toBeLessThan(week.cost.bytesScanned);
    const later = await search('198.51.100.7', { since: new Date(nowMs + 3 * 86_400_000).toISOString() });
    expect(later.cost).toMatchObject({ rowsScanned: 0, bytesScanned: 0 });
  });

  it('shows no more than the limit, counts all of them, and says so', async () => {
    const found = await search('198.51.100.7', { limit: 1 });
    expect(counts(found)).toEqual({ 'Acme.Door': 1, 'Okta.SystemLog': 2, matches: 2 });
    expect([found.events.length, found.matches.length, found.truncated]).toEqual([1, 1, true]);
    expect(found.events[0]?.eventTimeMs).toBe(Date.parse(hoursAgo(1)));
  });

  it.each<readonly [indicator: string, ask: Partial<SearchAsk>, code: string, message: string]>([
    ['nobody', { type: 'ip' }, 'API_INDICATOR_INVALID', "'nobody' has not the form of the type 'ip'"],
    ['198.51.100.7/24', {}, 'API_INDICATOR_INVALID', 'has bits set behind its prefix'],
    ['abc', { type: 'hash' }, 'API_INDICATOR_INVALID', "the type 'hash'"],
    [' ', {}, 'API_INDICATOR_INVALID', 'it is empty or too long'],
    ['a', { logTypes: ['Okta.System'] }, 'API_LOG_TYPE_UNKNOWN', 'Okta.System'],
    ['a', { since: 'noon' }, 'API_REQUEST_INVALID', "a duration such as '24h'"],
    ['a', { since: '1h', until: '2h' }, 'API_REQUEST_INVALID', "'until' is not after 'since'"],
  ])('of %j with %j is refused', async (indicator, ask, code, message) => {
    await expect(search(indicator, ask)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
