import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type RuntimeClient } from '../../framework/cli/client.ts';
import { compileContent } from '../../framework/compile/index.ts';
import type { BundleEnvelope } from '../../framework/model/bundle.ts';
import { systemClock } from '../../framework/model/clock.ts';
import { removePath, setPath } from '../../framework/model/path.ts';
import { type Runtime, startRuntime } from '../../framework/runtime/start-runtime.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const token = 'a-token-of-the-test-0123456789';
const sample = JSON.parse(readFileSync(join(repository, 'fixtures/okta/session-start.json'), 'utf8')) as Record<
  string,
  unknown
>;

const yaml = (title: string, extra = ''): string => `
title: ${title}
level: medium
logTypes: [Okta.SystemLog]
dedup: { by: [uuid], period: 1h }
${extra}
`;
const code = (id: string, body: string): string => `
import { detection } from 'margay';
export default detection<'${id}'>({ rule: (event) => ${body} });
`;
const always = 'detection: { all: { eventType|exists: true }, condition: all }';
const misbehaving: Readonly<Record<string, string>> = {
  'okta/throws.yml': yaml('Throws'),
  'okta/throws.ts': code(
    'okta/throws',
    "{ if (event.eventType === 'test.throw') throw new RangeError('no such thing'); return false; }",
  ),
  'okta/returns-text.yml': yaml('Returns a text'),
  'okta/returns-text.ts': code(
    'okta/returns-text',
    "(event.eventType === 'test.text' ? ('yes' as unknown as boolean) : false)",
  ),
  'okta/loops.yml': yaml('Loops for ever'),
  'okta/loops.ts': code('okta/loops', "{ while (event.eventType === 'test.loop') {} return false; }"),
  'okta/always.yml': yaml('Always', always),
};

let folder: string;
let envelope: BundleEnvelope;
let runtime: Runtime;
let client: RuntimeClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-bad-input-'));
  envelope = await compile('content', misbehaving);
  runtime = await startRuntime({
    directory: join(folder, 'data'),
    port: 0,
    token,
    env: {},
    clock: systemClock,
    write: () => {},
  });
  client = connect({ url: runtime.url, token });
  await client.publish(envelope, 0, { allowMissingSecrets: true, allowRemovals: 100 });
}, 60_000);

afterAll(async () => {
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('records that are no events', () => {
  it('become dead letters with their reason, and the rest of the batch goes on', async () => {
    const good = record('good-1');
    const lines = [
      JSON.stringify(good),
      '{"uuid": "half',
      JSON.stringify(removePath(record('no-time'), 'published')),
      JSON.stringify(setPath(record('wrong-type'), 'actor', 'somebody')),
      JSON.stringify(setPath(record('huge'), 'displayMessage', 'x'.repeat(10_000_000))),
      '[1, 2, 3]',
      JSON.stringify(record('good-2')),
    ];
    const answer = await client.ingest(batch('dead-letters', lines.join('\n')));
    expect(answer).toMatchObject({ accepted: true, duplicate: false });
    const { rows } = await client.query(
      "SELECT record_index, code FROM dead_letters WHERE batch_key = 'dead-letters' ORDER BY record_index NULLS LAST",
      10,
    );
    expect(rows).toMatchInlineSnapshot(`
      [
        {
          "code": "NORMALISE_JSON_INVALID",
          "record_index": 1,
        },
        {
          "code": "NORMALISE_EVENT_TIME_MISSING",
          "record_index": 2,
        },
        {
          "code": "NORMALISE_FIELD_TYPE",
          "record_index": 3,
        },
        {
          "code": "NORMALISE_RECORD_TOO_LARGE",
          "record_index": 4,
        },
        {
          "code": "NORMALISE_RECORD_TYPE",
          "record_index": 5,
        },
        {
          "code": "NORMALISE_RECORD_TYPE",
          "record_index": 6,
        },
        {
          "code": "NORMALISE_RECORD_TYPE",
          "record_index": 7,
        },
      ]
    `);
    expect(await storedIds()).toEqual(expect.arrayContaining(['good-1', 'good-2']));
  }, 60_000);

  it('an unknown log type is refused with the nearest known one', async () => {
    const wrong = client.ingest({ ...batch('unknown', '{}'), logType: 'Okta.SystemLogs' });
    await expect(wrong).rejects.toMatchObject({ code: 'API_LOG_TYPE_UNKNOWN', hint: "Did you mean 'Okta.SystemLog'?" });
  });

  it('a body over the limit is refused before it is read', async () => {
    const body = Buffer.alloc(70_000_000, 0x20);
    await expect(client.ingest({ ...batch('too-large', ''), body })).rejects.toMatchObject({
      code: expect.stringMatching(/^API_BODY/),
    });
  });
});

describe('who may not', () => {
  it.each([undefined, 'wrong', `${token}x`])('a request with the token %s is refused', async (wrong) => {
    const stranger = connect({ url: runtime.url, token: wrong });
    await expect(stranger.alerts({ limit: 1 })).rejects.toMatchObject({ code: 'API_TOKEN_WRONG' });
    await expect(stranger.ingest(batch('stranger', JSON.stringify(record('stranger'))))).rejects.toMatchObject({
      code: 'API_TOKEN_WRONG',
    });
    expect(await storedIds()).not.toContain('stranger');
  });

  it('an address for others needs a token', async () => {
    const open = startRuntime({
      directory: join(folder, 'open'),
      host: '0.0.0.0',
      port: 0,
      env: {},
      clock: systemClock,
    });
    await expect(open).rejects.toMatchObject({ code: 'API_TOKEN_REQUIRED' });
  });
});

describe('bundles', () => {
  it('a bundle with a flipped byte is refused, and the live one keeps running', async () => {
    const { serial, digest } = await client.live();
    const flipped = { ...envelope, content: envelope.content.replace('Always', 'Alwaxs') };
    await expect(
      client.publish(flipped, serial, { allowMissingSecrets: true, allowRemovals: 100 }),
    ).rejects.toMatchObject({ code: 'COMPILE_BUNDLE_DIGEST' });
    expect(await client.live()).toMatchObject({ serial, digest });
  });

  it('of two publishers at once one wins, and the other is told what is live', async () => {
    const { serial } = await client.live();
    const [first, second] = await Promise.all([
      compile('first', { ...misbehaving, 'okta/first.yml': yaml('First', always) }),
      compile('second', { ...misbehaving, 'okta/second.yml': yaml('Second', always) }),
    ]);
    const outcomes = await Promise.allSettled([
      client.publish(first, serial, { allowMissingSecrets: true, allowRemovals: 100 }),
      client.publish(second, serial, { allowMissingSecrets: true, allowRemovals: 100 }),
    ]);
    const won = outcomes.filter(({ status }) => status === 'fulfilled');
    const lost = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(won).toHaveLength(1);
    expect(lost?.reason).toMatchObject({
      code: 'API_SERIAL_CONFLICT',
      message: expect.stringContaining(`serial ${serial + 1}`),
    });
    expect((await client.live()).serial).toBe(serial + 1);
  }, 60_000);

  it('a bundle whose own test fails here is refused with the test', async () => {
    const { serial } = await client.live();
    const failing = `${yaml('Failing', always)}tests:\n  - { name: never, log: fixtures/okta/session-start.json, expect: { match: false } }\n`;
    const bundle = await compile('failing', { ...misbehaving, 'okta/failing.yml': failing });
    await expect(
      client.publish(bundle, serial, { allowMissingSecrets: true, allowRemovals: 100 }),
    ).rejects.toMatchObject({
      code: 'API_BUNDLE_TESTS_FAILED',
      problems: [expect.objectContaining({ message: expect.stringContaining("'never' of okta/failing") })],
    });
    expect((await client.live()).serial).toBe(serial);
  }, 60_000);
});

describe('detections that misbehave', () => {
  it('one that throws, returns a text, or loops for ever stops nobody else, and each is told of', async () => {
    const types = ['test.throw', 'test.text', 'test.loop', 'user.session.start'];
    const lines = types.map((eventType) => JSON.stringify({ ...record(`misbehaving-${eventType}`), eventType }));
    await client.ingest(batch('misbehaving', lines.join('\n')));

    const errors = await client.query(
      'SELECT rule_id, function, error_class FROM rule_errors ORDER BY rule_id NULLS LAST',
      10,
    );
    expect(errors.rows).toEqual([
      { rule_id: 'okta/loops', function: 'rule', error_class: 'Timeout' },
      { rule_id: 'okta/returns-text', function: 'rule', error_class: 'WrongReturnType' },
      { rule_id: 'okta/throws', function: 'rule', error_class: 'RangeError' },
    ]);
    const matches = await client.query(
      "SELECT p_dedup FROM rule_matches WHERE p_rule_id = 'okta/always' AND p_dedup LIKE 'misbehaving-%' AND p_occurs_since('3650 days')",
      10,
    );
    expect(matches.rows.map((row) => row.p_dedup).sort()).toEqual(types.map((type) => `misbehaving-${type}`).sort());
    expect((await client.status()).quarantined).toMatchObject([{ ruleId: 'okta/loops' }]);
    const { alerts } = await client.alerts({ limit: 100 });
    const told = alerts.filter(({ kind }) => kind === 'rule_error').map(({ ruleId }) => ruleId);
    expect(told.sort()).toEqual(['okta/loops', 'okta/returns-text', 'okta/throws']);
  }, 60_000);

  it('the one that looped stays stopped, and the others go on', async () => {
    await client.ingest(batch('after', JSON.stringify({ ...record('after-loop'), eventType: 'test.loop' })));
    const { rows } = await client.query(
      "SELECT count(*) AS n FROM rule_matches WHERE p_dedup = 'after-loop' AND p_rule_id = 'okta/always' AND p_occurs_since('3650 days')",
      1,
    );
    expect(rows).toEqual([{ n: 1 }]);
  }, 60_000);
});

function record(uuid: string): Record<string, unknown> {
  return { ...sample, uuid, published: '2026-06-01T08:00:00.000Z' };
}

function batch(key: string, body: string) {
  return { logType: 'Okta.SystemLog', key, source: 'test', body: Buffer.from(body) };
}

async function storedIds(): Promise<readonly unknown[]> {
  const { rows } = await client.query("SELECT uuid FROM okta_systemlog WHERE p_occurs_since('3650 days')", 1_000);
  return rows.map((row) => row.uuid);
}

async function compile(name: string, files: Readonly<Record<string, string>>): Promise<BundleEnvelope> {
  const root = join(folder, name);
  cpSync(join(repository, 'fixtures'), join(root, 'fixtures'), { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, 'detections', file)), { recursive: true });
    writeFileSync(join(root, 'detections', file), text);
  }
  const compiled = await compileContent({ root, types: false });
  if (!compiled.envelope) throw new Error(JSON.stringify(compiled.problems, null, 2));
  return compiled.envelope;
}
