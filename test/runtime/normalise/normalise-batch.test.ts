import { expect, it } from 'vitest';
import { maxRecordBytes, type NormalisedBatch, normaliseBatch } from '../../../framework/runtime/normalise/index.ts';
import { batchOf, receivedAtMs, record, toy } from './toy-log-type.ts';

const read = (body: string | Uint8Array) => normaliseBatch(batchOf(body), toy);

/** The `text` of each event, and the index and code of each dead letter. */
function outcome(body: string | Uint8Array): readonly string[] {
  const { events, deadLetters } = read(body);
  return [...events.map((event) => String(event.text)), ...deadLetters.map(({ index, code }) => `${index} ${code}`)];
}

const a = record({ text: 'a' });
const b = record({ text: 'b' });
const pretty = (value: string): string => JSON.stringify(JSON.parse(value), null, 2);
const long = record({ text: 'x'.repeat(maxRecordBytes) });

it.each<readonly [string, string | Uint8Array, readonly string[]]>([
  ['NDJSON', `${a}\n${b}\n`, ['a', 'b']],
  ['NDJSON without a last line feed', `${a}\n${b}`, ['a', 'b']],
  ['NDJSON with carriage returns and empty lines', `\r\n${a}\r\n\r\n  \n${b}\r\n`, ['a', 'b']],
  ['a byte order mark', `\ufeff${a}\n${b}`, ['a', 'b']],
  ['one object', a, ['a']],
  ['one pretty-printed object', pretty(a), ['a']],
  ['an array', `[${a},${b}]`, ['a', 'b']],
  ['a pretty-printed array', pretty(`[${a},${b}]`), ['a', 'b']],
  ['arrays in lines', `[${a}]\n[${b}]`, ['a', 'b']],
  ['an envelope', `{"Records":[${a},${b}]}`, ['a', 'b']],
  ['a pretty-printed envelope', pretty(`{"Records":[${a},${b}]}`), ['a', 'b']],
  ['envelopes in lines', `{"Records":[${a}]}\n{"Records":[${b}]}`, ['a', 'b']],
  ['an empty envelope', '{"Records":[]}', []],
  ['an empty array', '[]', []],
  ['nothing', '', []],
  ['blanks', ' \n\t\r\n', []],
  ['a malformed line among good ones', `${a}\n{"text":\n${b}`, ['a', 'b', '1 NORMALISE_JSON_INVALID']],
  ['a malformed first line', `{"text":\n${a}\n${b}`, ['a', 'b', '0 NORMALISE_JSON_INVALID']],
  ['a malformed last line, cut off', `${a}\n${b.slice(0, 20)}`, ['a', '1 NORMALISE_JSON_INVALID']],
  ['a malformed pretty-printed object', `${pretty(a).slice(0, -1)},}`, ['0 NORMALISE_JSON_INVALID']],
  ['text', 'Mar 2 09:00:00 host sshd[1]: hello', ['0 NORMALISE_JSON_INVALID']],
  [
    'records that are no objects',
    `[${a},7,null,"x",[]]`,
    ['a', ...[1, 2, 3, 4].map((i) => `${i} NORMALISE_RECORD_TYPE`)],
  ],
  ['lines that are no objects', `${a}\n7\nnull`, ['a', '1 NORMALISE_RECORD_TYPE', '2 NORMALISE_RECORD_TYPE']],
  [
    'invalid UTF-8 in one line',
    Buffer.concat([Buffer.from(`${a}\n{"text":"`), Buffer.from([0xff]), Buffer.from(`"}\n${b}`)]),
    ['a', 'b', '1 NORMALISE_UTF8_INVALID'],
  ],
  ['a line over the limit', `${a}\n[${long}]\n${b}`, ['a', 'b', '1 NORMALISE_RECORD_TOO_LARGE']],
  ['a record over the limit in an array', `[${a},${long},${b}]`, ['a', 'b', '1 NORMALISE_RECORD_TOO_LARGE']],
  [
    'a record nested too deep',
    `${record({ text: 'x', free: 0 }).replace(':0}', `:${'['.repeat(64)}${']'.repeat(64)}}`)}\n${b}`,
    ['b', '0 NORMALISE_RECORD_TOO_DEEP'],
  ],
  [
    'a record nested very deep in an array',
    `[${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)},${a}]`,
    ['a', '0 NORMALISE_RECORD_TOO_DEEP'],
  ],
])('%s is read', (_name, body, expected) => {
  expect(outcome(body)).toEqual(expected);
});

const places = ({ deadLetters }: NormalisedBatch) => deadLetters.slice(1_000).map(({ index, code }) => [index, code]);

it.each<readonly [string, string]>([
  ['lines', '0\n'.repeat(2_000_000)],
  ['elements of an array', `[${'0,'.repeat(1_999_999)}0]`],
  ['elements of arrays in lines', '[0,0]\n'.repeat(1_000_000)],
])('of two million bad %s, a thousand and two dead letters are made', (name, body) => {
  const batch = read(body);
  expect(batch.events).toEqual([]);
  expect(batch.deadLetters).toHaveLength(1_002);
  expect(places(batch)).toEqual([
    [1_000, 'NORMALISE_MANY_BAD'],
    [100_000, 'NORMALISE_BATCH_TOO_LONG'],
  ]);
  const left = name === 'elements of arrays in lines' ? 950_000 : 1_900_000;
  expect(batch.deadLetters[1_000]?.reason).toContain(
    ' 99000 more are bad, this one first: 99000 NORMALISE_RECORD_TYPE.',
  );
  expect(batch.deadLetters[1_001]?.reason).toContain(`what follows, ${left} in all, were not read`);
  expect(new Set(batch.deadLetters.map(({ deadLetterId }) => deadLetterId)).size).toBe(1_002);
});

it('good records between many bad ones are events, up to the hundred-thousandth record', () => {
  const batch = read(`${a}\n7\n{"text":\n`.repeat(40_000));
  expect(batch.events).toHaveLength(33_334);
  expect(places(batch)).toEqual([
    [1_501, 'NORMALISE_MANY_BAD'],
    [100_000, 'NORMALISE_BATCH_TOO_LONG'],
  ]);
  expect(batch.deadLetters[1_000]).toMatchObject({
    reason: expect.stringMatching(/ 65666 more .* 32833 NORMALISE_RECORD_TYPE, 32833 NORMALISE_JSON_INVALID\.$/),
    preview: '7',
  });
});

it('a batch of exactly as many records as are read is whole', () => {
  const { events, deadLetters } = read(`${a}\n`.repeat(100_000));
  expect([events.length, deadLetters.length]).toEqual([100_000, 0]);
});

it('millions of empty lines are passed over', () => {
  expect(outcome(`${a}${'\n'.repeat(8_000_000)}${b}`)).toEqual(['a', 'b']);
});

it('a line over the limit is not parsed, and shown in short', () => {
  const parsed: string[] = [];
  const parseJson = (text: string): unknown => {
    parsed.push(text);
    return JSON.parse(text);
  };
  const { events, deadLetters } = normaliseBatch(batchOf(`${long}\n${a}`), { ...toy, records: undefined }, parseJson);
  expect(events).toHaveLength(1);
  expect(deadLetters).toMatchObject([{ code: 'NORMALISE_RECORD_TOO_LARGE', preview: long.slice(0, 256) }]);
  expect(parsed.every((text) => text === a)).toBe(true);
});

it('a dead letter says which record of which batch, why, and what it looked like', () => {
  const { deadLetters } = read(`${a}\n{"time":7,}`);
  expect(deadLetters).toEqual([
    {
      deadLetterId: expect.stringMatching(/^[0-9a-f]{32}$/),
      logType: 'Toy.Log',
      batchKey: 'batch-1',
      index: 1,
      code: 'NORMALISE_JSON_INVALID',
      reason: expect.stringContaining('not valid JSON'),
      preview: '{"time":7,}',
      receivedAtMs,
    },
  ]);
});

it.each([
  [{ time: undefined }, 'NORMALISE_EVENT_TIME_MISSING', "no event time at 'time'"],
  [{ time: null }, 'NORMALISE_EVENT_TIME_MISSING', "no event time at 'time'"],
  [{ time: '' }, 'NORMALISE_EVENT_TIME_MISSING', "no event time at 'time'"],
  [{ time: 'yesterday' }, 'NORMALISE_EVENT_TIME_INVALID', 'found the string "yesterday"'],
  [{ time: '2026-02-30T00:00:00Z' }, 'NORMALISE_EVENT_TIME_INVALID', 'RFC 3339'],
  [{ time: -5 }, 'NORMALISE_EVENT_TIME_INVALID', 'found the number -5'],
  [{ time: {} }, 'NORMALISE_EVENT_TIME_INVALID', 'found an object'],
  [{ text: {} }, 'NORMALISE_FIELD_TYPE', "'text' must be a string; found an object"],
  [{ count: 'many' }, 'NORMALISE_FIELD_TYPE', '\'count\' must be a whole number up to 2^53; found the string "many"'],
  [{ count: 1.5 }, 'NORMALISE_FIELD_TYPE', 'found the number 1.5'],
  [{ count: 2 ** 53 }, 'NORMALISE_FIELD_TYPE', "'count'"],
  [{ count: '007' }, 'NORMALISE_FIELD_TYPE', "'count'"],
  [{ ratio: 'half' }, 'NORMALISE_FIELD_TYPE', "'ratio' must be a number"],
  [{ flag: 1 }, 'NORMALISE_FIELD_TYPE', "'flag' must be true or false"],
  [{ inner: [] }, 'NORMALISE_FIELD_TYPE', "'inner' must be an object; found an array"],
  [{ inner: { n: 'x' } }, 'NORMALISE_FIELD_TYPE', "'inner.n'"],
  [{ list: {} }, 'NORMALISE_FIELD_TYPE', "'list' must be an array; found an object"],
  [{ list: [{}, { n: true }] }, 'NORMALISE_FIELD_TYPE', "'list[1].n'"],
  [{ list: [7] }, 'NORMALISE_FIELD_TYPE', "'list[0]' must be an object"],
])('%j is a dead letter with %s', (fields, code, reason) => {
  const { events, deadLetters } = read(record(fields));
  expect(events).toEqual([]);
  expect(deadLetters).toMatchObject([{ code, reason: expect.stringContaining(reason) }]);
});

it('a field is given its declared type where that loses nothing', () => {
  const { events } = read(
    record({
      text: 7,
      id: true,
      count: '-12',
      ratio: '1.5e3',
      flag: 'true',
      inner: { n: '5', other: [1] },
      list: [{ n: '1' }, null, { n: 2 }],
    }),
  );
  expect(events).toMatchObject([
    {
      text: '7',
      id: 'true',
      count: -12,
      ratio: 1500,
      flag: true,
      inner: { n: 5, other: [1] },
      list: [{ n: 1 }, null, { n: 2 }],
    },
  ]);
});

it('null, missing and undeclared fields pass as they are', () => {
  const { events } = read(record({ text: null, inner: null, list: null, unknown: { deep: [1] } }));
  expect(events).toMatchObject([{ text: null, inner: null, list: null, unknown: { deep: [1] } }]);
});

it('an event time more than a day ahead is not believed', () => {
  const { events } = read([1, 25].map((hours) => record({ time: receivedAtMs + hours * 3_600_000 })).join('\n'));
  expect(events.map((event) => event.p_event_time)).toEqual(['2026-03-02T11:00:00.000Z', '2026-03-02T10:00:00.000Z']);
});

it('a record cannot write the standard fields', () => {
  const { events } = read(
    record({ p_row_id: 'mine', p_any_emails: ['mine'], udm: { actor_user: 'mine' }, p_source: 'mine', text: 'a' }),
  );
  const [event] = events;
  expect(event).toMatchObject({
    p_source: 'toy',
    udm: {},
    _p_row_id: 'mine',
    _p_any_emails: ['mine'],
    _udm: { actor_user: 'mine' },
  });
  expect(event?.p_row_id).not.toBe('mine');
  expect(event).not.toHaveProperty('p_any_emails');
});

it('a __proto__ key changes nothing', () => {
  const { events } = read(
    `{"time":"2026-03-02T09:00:00Z","__proto__":{"polluted":1},"inner":{"__proto__":{"n":7}},"p_x":1}`,
  );
  expect(events).toHaveLength(1);
  expect(Object.getPrototypeOf(events[0])).toBe(Object.prototype);
  expect(events[0]).not.toHaveProperty('polluted', 1);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

it('the row id is that of the event id, wherever and however often it comes', () => {
  const ids = (body: string, key: string) =>
    normaliseBatch(batchOf(body, key), toy).events.map((event) => event.p_row_id);
  const [first] = ids(record({ id: 'e-1' }), 'k-1');
  expect(ids(`${record({ id: 'e-0' })}\n${record({ id: 'e-1', text: 'again' })}`, 'k-2')[1]).toBe(first);
  expect(ids(record({ id: 'e-2' }), 'k-1')[0]).not.toBe(first);
});

it('without event id the row id is that of the place in the batch', () => {
  const ids = (key: string) => normaliseBatch(batchOf(`${a}\n${a}`, key), toy).events.map((event) => event.p_row_id);
  expect(new Set([...ids('k-1'), ...ids('k-2')]).size).toBe(4);
  expect(ids('k-1')).toEqual(ids('k-1'));
});

it('common fields are the first path that has a value', () => {
  const udm = (fields: Record<string, unknown>) => read(record(fields)).events[0]?.udm;
  expect(udm({ email: 'Ann@example.com', id: 'u-1', ip: '192.0.2.1', count: 443 })).toEqual({
    actor_user: 'Ann@example.com',
    source_ip: '192.0.2.1',
    destination_port: '443',
  });
  expect(udm({ email: '', id: 'u-1' })).toEqual({ actor_user: 'u-1' });
});

it.each([
  [{ ip: '192.0.2.1' }, { p_any_ip_addresses: ['192.0.2.1'] }],
  [{ ip: '2001:DB8:0:0::1' }, { p_any_ip_addresses: ['2001:db8::1'] }],
  [{ ip: 'unknown' }, {}],
  [{ email: 'Ann@Example.com' }, { p_any_emails: ['ann@example.com'], p_any_usernames: ['Ann@Example.com'] }],
  [{ email: 'ann' }, { p_any_usernames: ['ann'] }],
  [{ domain: 'WWW.Example.org.' }, { p_any_domain_names: ['www.example.org'] }],
  [{ domain: '192.0.2.1' }, {}],
  [{ domain: 'localhost' }, {}],
  [{ hash: 'A'.repeat(32) }, { p_any_md5_hashes: ['a'.repeat(32)] }],
  [{ hash: 'b'.repeat(40) }, { p_any_sha1_hashes: ['b'.repeat(40)] }],
  [{ hash: 'c'.repeat(64) }, { p_any_sha256_hashes: ['c'.repeat(64)] }],
  [{ hash: 'z'.repeat(64) }, {}],
  [
    { aws: ['arn:aws:iam::123456789012:root', '123456789012', 'i-0123456789abcdef0', 'x'] },
    {
      p_any_aws_arns: ['arn:aws:iam::123456789012:root'],
      p_any_aws_account_ids: ['123456789012'],
      p_any_aws_instance_ids: ['i-0123456789abcdef0'],
    },
  ],
  [{ aws: ['arn:b', 'arn:a', 'arn:b'] }, { p_any_aws_arns: ['arn:a', 'arn:b'] }],
  [{ email: `${'x'.repeat(3_000)}@example.com` }, {}],
])('the indicators of %j are found', (fields, expected) => {
  const [event] = read(record(fields)).events;
  const indicators = Object.entries(event ?? {}).filter(([name]) => name.startsWith('p_any_'));
  expect(Object.fromEntries(indicators)).toEqual(expected);
});

it('a p_any_ field holds at most 500 values', () => {
  const [event] = read(record({ aws: Array.from({ length: 700 }, (_, i) => `arn:${i}`) })).events;
  expect(event?.p_any_aws_arns).toHaveLength(500);
});

it.each([
  ['"\\ud83d"', '\ufffd'],
  ['"\\ude00\\ud83d"', '\ufffd\ufffd'],
  ['"\\ud83d\\ude00"', '😀'],
  ['"\\\\ud83d"', '\\ud83d'],
  ['["a\\uD800"]', ['a\ufffd']],
])('half a character is replaced, as the lake does: %s', (json, expected) => {
  const { events } = read(`{"time":"2026-03-02T09:00:00Z","free":${json},"k\\udc00":1}`);
  expect(events[0]).toMatchObject({ free: expected, 'k\ufffd': 1 });
});

it("a record's own udm.… is renamed, as its udm is", () => {
  const { events } = read('{"time":"2026-03-02T09:00:00Z","udm.actor_user":"mallory"}');
  expect(events[0]).toMatchObject({ '_udm.actor_user': 'mallory', udm: {} });
});
