import { createHmac } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { slackMessage } from '../../../framework/runtime/deliver/destinations/slack/slack-message.ts';
import { renderBlock } from '../../../framework/runtime/deliver/destinations/stdout/render-block.ts';
import { buildNotification, routeTo, tenMs, webhook } from './build-notification.ts';
import { type Receiver, startReceiver } from './start-receiver.ts';
import { startTestDelivery } from './start-test-delivery.ts';

const again = buildNotification(
  { notifications: 2, level: 'critical', matchCount: 4, lastEventTimeMs: tenMs + 3_600_000 },
  { reason: 'renotified' },
);
/** What an attacker writes into a user name. */
const hostile =
  '<!channel> @here <https://evil.example.com|click> *x* `y` \u001b[31m\u202ered www.evil.example.com http://evil.example.com/?a&b\nnext';
const attacked = buildNotification({ title: hostile, context: { member: hostile, [hostile]: { deep: hostile } } });

describe('stdout', () => {
  test.each([
    ['created', buildNotification()],
    ['renotified', again],
    ['hostile', attacked],
  ])('a %s alert is a readable block', async (name, notification) => {
    await expect(renderBlock(notification)).toMatchFileSnapshot(`golden/stdout-${name}.txt`);
  });

  test('nothing from a log reaches the terminal as a control character', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
    expect(renderBlock(attacked)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  test('it is written by the delivery', async () => {
    const written: string[] = [];
    const { put, at } = startTestDelivery(routeTo({ name: 'hook', type: 'stdout', levels: [], settings: {} }), {
      write: (text) => written.push(text),
    });
    await put();
    await at(0);
    expect(written).toEqual([renderBlock(buildNotification())]);
  });
});

describe('slack', () => {
  test.each([
    ['created', buildNotification()],
    ['renotified', again],
    ['hostile', attacked],
    ['bare', buildNotification({ context: {}, runbook: '', references: [], owners: [], tags: [] }, { evidence: [] })],
  ])('a %s alert is blocks', async (name, notification) => {
    await expect(`${JSON.stringify(slackMessage(notification), null, 2)}\n`).toMatchFileSnapshot(
      `golden/slack-${name}.json`,
    );
  });

  test('no text from a log makes a mention or a link', () => {
    const { blocks, text } = slackMessage(attacked);
    const all = JSON.stringify(blocks) + text;
    for (const live of ['<', '@here', '@channel', 'https://evil', 'http://evil', 'www.evil'])
      expect(all).not.toContain(live);
  });

  test("Slack's limits hold for the largest alert", () => {
    const long = '<&>😀'.repeat(5_000);
    const context = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`${long}${index}`, long]));
    const evidence = Array.from({ length: 5 }, () => ({ eventTimeMs: tenMs, context }));
    const huge = {
      title: long,
      ruleId: long,
      runbook: long,
      references: [long],
      owners: [long],
      tags: [long],
      context,
    };
    const message = slackMessage(buildNotification(huge, { evidence }));
    expect(message.blocks.length).toBeLessThanOrEqual(50);
    for (const block of message.blocks) {
      if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(150);
      if (block.type === 'section' && 'text' in block) expect(block.text.text.length).toBeLessThanOrEqual(3_000);
      if (block.type === 'section' && 'fields' in block) {
        expect(block.fields.length).toBeLessThanOrEqual(10);
        for (const field of block.fields) expect(field.text.length).toBeLessThanOrEqual(2_000);
      }
      if (block.type === 'context')
        for (const { text } of block.elements) expect(text.length).toBeLessThanOrEqual(2_000);
    }
    expect(message.text.length).toBeLessThanOrEqual(3_000);
    expect(JSON.stringify(message)).not.toMatch(/&(?!amp;|lt;|gt;)|\\ud[89ab]/);
  });
});

describe('webhook', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.close());

  test('the body is documented JSON, the headers are those configured', async () => {
    const destination = webhook(receiver.url, { headers: { 'x-team': 'soc', authorization: { env: 'TOKEN' } } });
    const { put, at } = startTestDelivery(routeTo(destination), { env: { TOKEN: 'Bearer abc' } });
    await put();
    await at(0);
    const [request] = receiver.received;
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'margay',
      'x-team': 'soc',
      authorization: 'Bearer abc',
    });
    expect(request?.headers['margay-signature']).toBeUndefined();
    await expect(`${JSON.stringify(JSON.parse(request?.body ?? ''), null, 2)}\n`).toMatchFileSnapshot(
      'golden/webhook.json',
    );
  });

  test('with a secret the body is signed', async () => {
    const { put, at } = startTestDelivery(routeTo(webhook(receiver.url, { secret: { env: 'KEY' } })), {
      env: { KEY: 'k3y' },
    });
    await put();
    await at(0);
    const [request] = receiver.received;
    const seconds = (tenMs + 120_000) / 1_000;
    const hex = createHmac('sha256', 'k3y').update(`${seconds}.${request?.body}`).digest('hex');
    expect(request?.headers['margay-signature']).toBe(`t=${seconds},v1=${hex}`);
  });
});

describe('file', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'margay-deliver-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const destination = { name: 'hook', type: 'file', levels: [], settings: { path: 'out/alerts.ndjson' } };

  test('alerts are one JSON object a line, after a torn line too', async () => {
    const { put, at } = startTestDelivery(routeTo(destination), { directory });
    await put(buildNotification({ alertId: 'a' }));
    await at(0);
    const path = join(directory, 'out/alerts.ndjson');
    await appendFile(path, '{"version":1,"notif');
    await put(buildNotification({ alertId: 'b' }));
    await at(1);
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines).toHaveLength(4);
    expect([lines[0], lines[2]].map((line) => JSON.parse(line ?? '').alert.id)).toEqual(['a', 'b']);
  });

  test('a file that cannot be written is tried again', async () => {
    const { put, at, delivery } = startTestDelivery(routeTo({ ...destination, settings: { path: '.' } }), {
      directory,
    });
    const notification = buildNotification();
    await put(notification);
    await at(0);
    const [report] = await delivery.reportsOf(notification.alert.alertId);
    expect(report).toMatchObject({ status: 'pending', error: expect.stringContaining('DELIVER_WRITE_FAILED: EISDIR') });
  });
});
