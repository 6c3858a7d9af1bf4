import { afterEach, describe, expect, test } from 'vitest';
import type { DeliveryReport } from '../../../framework/model/delivery.ts';
import type { Destination } from '../../../framework/model/destination.ts';
import { checkDestinations, type Delivery, missingSecrets } from '../../../framework/runtime/deliver/index.ts';
import { scrubSecrets } from '../../../framework/runtime/deliver/scrub-secrets.ts';
import { buildNotification, routeTo, webhook } from './build-notification.ts';
import { type Receiver, startReceiver } from './start-receiver.ts';
import { startTestDelivery } from './start-test-delivery.ts';

let receiver: Receiver | undefined;
afterEach(async () => {
  await receiver?.close();
  receiver = undefined;
});

const slack: Destination = {
  name: 'slack',
  type: 'slack',
  levels: ['high'],
  settings: { webhookUrl: { env: 'SLACK_WEBHOOK_URL' } },
};
const toSlack = buildNotification({ destinations: ['slack'] });
const dayMs = 86_400_000;

async function failed(delivery: Delivery): Promise<readonly DeliveryReport[]> {
  return (await delivery.list({ status: 'failed' })).deliveries;
}

test('a secret is read when it is needed, not before', async () => {
  receiver = await startReceiver();
  const env: NodeJS.ProcessEnv = {};
  const { put, at, delivery } = startTestDelivery(routeTo(slack), { env });
  env.SLACK_WEBHOOK_URL = `${receiver.url}/services/T0/B0/abcdefgh\n`;
  await put(toSlack);
  await at(0);
  expect(receiver.received).toMatchObject([{ path: '/services/T0/B0/abcdefgh' }]);
  expect(await delivery.counts()).toMatchObject({ delivered: 1 });
});

describe('a missing secret', () => {
  const error = 'DELIVER_SECRET_MISSING: The variable SLACK_WEBHOOK_URL is not set where the runtime runs.';

  test('keeps deliveries waiting, is looked for every five minutes, and is named once', async () => {
    receiver = await startReceiver();
    const env: NodeJS.ProcessEnv = {};
    const { put, at, delivery, notices } = startTestDelivery(routeTo(slack), { env });
    await put(toSlack, buildNotification({ alertId: 'another', destinations: ['slack'] }));
    for (let minutes = 0; minutes <= 60; minutes++) await at(minutes * 60_000);
    const waiting = { status: 'pending', attempts: 0, error };
    expect((await delivery.list({})).deliveries).toMatchObject([waiting, waiting]);
    expect(notices).toEqual([expect.stringMatching(/^Deliveries to slack wait for a secret: .*SLACK_WEBHOOK_URL/)]);
    env.SLACK_WEBHOOK_URL = `${receiver.url}/hook`;
    await at(64 * 60_000);
    expect(receiver.received).toHaveLength(0);
    await at(65 * 60_000);
    expect(receiver.received).toHaveLength(2);
    expect(await delivery.counts()).toMatchObject({ pending: 0, delivered: 2 });
  });

  test('that is set when the runtime starts again is used at once', async () => {
    receiver = await startReceiver();
    const first = startTestDelivery(routeTo(slack));
    await first.put(toSlack);
    await first.at(0);
    await first.delivery.close();
    const env = { SLACK_WEBHOOK_URL: `${receiver.url}/hook` };
    const restarted = startTestDelivery(routeTo(slack), { state: first.state, env });
    await restarted.at(1);
    expect(await restarted.delivery.counts()).toMatchObject({ pending: 0, delivered: 1 });
  });

  test('leaves all ten attempts to the time after', async () => {
    receiver = await startReceiver((response) => void response.writeHead(500).end());
    const env: NodeJS.ProcessEnv = {};
    const { put, at, delivery } = startTestDelivery(routeTo(slack), { env });
    await put(toSlack);
    for (let minutes = 0; minutes <= 60; minutes += 5) await at(minutes * 60_000);
    env.SLACK_WEBHOOK_URL = `${receiver.url}/hook`;
    await at(65 * 60_000);
    expect((await delivery.list({})).deliveries).toMatchObject([{ status: 'pending', attempts: 1 }]);
  });

  test('is given up after a week; a replay waits for another', async () => {
    const { put, at, delivery } = startTestDelivery(routeTo(slack));
    await put(toSlack);
    await at(0);
    await at(7 * dayMs);
    expect(await failed(delivery)).toMatchObject([{ error: `${error} Given up after a week.` }]);
    expect(await delivery.replayAll()).toBe(1);
    await at(8 * dayMs);
    expect((await delivery.list({})).deliveries).toMatchObject([{ status: 'pending', error }]);
  });
});

test('an answer that repeats the secret gives it away nowhere', async () => {
  receiver = await startReceiver((response, { path, headers }) => {
    response.writeHead(404).end(`no ${path} for ${headers.authorization} at ${headers.host}${path}`);
  });
  const env = { HOOK: `${receiver.url}/services/T0/B0/abcdefgh?key=hunter2hunter2`, TOKEN: 'Bearer s3cr3t-t0ken' };
  const destination = webhook('', { url: { env: 'HOOK' }, headers: { authorization: { env: 'TOKEN' } } });
  const { put, at, delivery, notices } = startTestDelivery(routeTo(destination), { env });
  await put();
  await at(0);
  const texts = JSON.stringify([await failed(delivery), notices]);
  expect(texts).toContain('HTTP 404: no [HOOK] for [TOKEN]');
  for (const secret of ['abcdefgh', 'hunter2', 's3cr3t']) expect(texts).not.toContain(secret);
});

test.each([
  ['as it is', 'key s3cr3t/+&"x', 'key [K]'],
  ['percent-encoded', `key ${encodeURIComponent('s3cr3t/+&"x')}`, 'key [K]'],
  ['in JSON', JSON.stringify({ key: 's3cr3t/+&"x' }), '{"key":"[K]"}'],
])('a secret is scrubbed %s', (_, text, expected) => {
  expect(scrubSecrets(text, new Map([['K', 's3cr3t/+&"x']]))).toBe(expected);
});

test('missing secrets are listed by name, each once', () => {
  const routing = routeTo(
    slack,
    webhook('', { url: { env: 'B_URL' }, headers: { a: { env: 'TOKEN' }, b: 'plain' }, secret: { env: 'SET' } }, 'one'),
    webhook('', { url: { env: 'B_URL' } }, 'two'),
  );
  expect(missingSecrets(routing, { SET: 'x', TOKEN: '  ' })).toEqual(['B_URL', 'SLACK_WEBHOOK_URL', 'TOKEN']);
});

test.each([
  ['an unknown type', { type: 'slak', settings: {} }, 'DELIVER_TYPE_UNKNOWN', "unknown type 'slak'"],
  ['a missing setting', { type: 'file', settings: {} }, 'DELIVER_SETTING_INVALID', "'path' is missing"],
  [
    'an unknown setting',
    { type: 'stdout', settings: { colour: 'red' } },
    'DELIVER_SETTING_INVALID',
    "no setting 'colour'",
  ],
  [
    'a secret in the open',
    { type: 'slack', settings: { webhookUrl: 'https://x' } },
    'DELIVER_SETTING_INVALID',
    'comes from the environment',
  ],
  ['a number for a text', { type: 'file', settings: { path: 7 } }, 'DELIVER_SETTING_INVALID', 'not a text'],
  ['a number for an address', { type: 'webhook', settings: { url: 7 } }, 'DELIVER_SETTING_INVALID', 'neither a text'],
  [
    'headers that are a list',
    { type: 'webhook', settings: { url: 'https://x', headers: [] } },
    'DELIVER_SETTING_INVALID',
    'object of headers',
  ],
  [
    'a header of two lines',
    { type: 'webhook', settings: { url: 'https://x', headers: { a: 'b\r\nc: d' } } },
    'DELIVER_SETTING_INVALID',
    'one line',
  ],
  [
    'a header with a bad name',
    { type: 'webhook', settings: { url: 'https://x', headers: { 'a b': 'c' } } },
    'DELIVER_SETTING_INVALID',
    'name of a header',
  ],
  [
    'a header of ours',
    { type: 'webhook', settings: { url: 'https://x', headers: { Host: 'c' } } },
    'DELIVER_SETTING_INVALID',
    'set by Margay',
  ],
])('%s is found before publishing, and final when it is sent to all the same', async (_, wrong, code, message) => {
  const routing = routeTo({ name: 'hook', levels: [], ...wrong });
  expect(checkDestinations(routing)).toMatchObject([
    { code, message: expect.stringContaining(message), severity: 'error' },
  ]);
  const { put, at, delivery } = startTestDelivery(routing);
  await put();
  await at(0);
  expect(await failed(delivery)).toMatchObject([{ error: expect.stringContaining(code), attempts: 1 }]);
});

test.each([
  ['no address', 'nonsense'],
  ['no web address', 'ftp://example.com/'],
  ['an address with a user', 'https://me:pass@example.com/'],
])('%s in a variable is final', async (_, value) => {
  const { put, at, delivery } = startTestDelivery(routeTo(slack), { env: { SLACK_WEBHOOK_URL: value } });
  await put(toSlack);
  await at(0);
  expect(await failed(delivery)).toMatchObject([{ error: expect.stringContaining('DELIVER_SETTING_INVALID') }]);
});

test('a variable that cannot be a header is final and not shown', async () => {
  const destination = webhook('http://127.0.0.1:9/', { headers: { authorization: { env: 'TOKEN' } } });
  const { put, at, delivery } = startTestDelivery(routeTo(destination), { env: { TOKEN: 'a\nb' } });
  await put();
  await at(0);
  expect(await failed(delivery)).toMatchObject([
    { error: expect.stringMatching(/^DELIVER_SETTING_INVALID: The variable TOKEN/) },
  ]);
});
