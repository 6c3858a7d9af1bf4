import { afterEach, describe, expect, test } from 'vitest';
import type { OutboxEntry } from '../../../framework/runtime/deliver/outbox.ts';
import { buildNotification, routeTo, webhook } from './build-notification.ts';
import { type Receiver, startReceiver } from './start-receiver.ts';
import { startTestDelivery, type TestDelivery } from './start-test-delivery.ts';

const receivers: Receiver[] = [];
afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
});

async function receive(...parameters: Parameters<typeof startReceiver>): Promise<Receiver> {
  const receiver = await startReceiver(...parameters);
  receivers.push(receiver);
  return receiver;
}

async function entries({ state }: TestDelivery): Promise<readonly OutboxEntry[]> {
  return (await state.list<OutboxEntry>('outbox')).map(({ value }) => value);
}

describe('failed deliveries', () => {
  test('are listed, what changed last first, and replayed all at once', async () => {
    let status = 400;
    const receiver = await receive((response) => void response.writeHead(status).end());
    const test = startTestDelivery(routeTo(webhook(receiver.url)));
    for (const [index, alertId] of ['a', 'b', 'c'].entries()) {
      await test.put(buildNotification({ alertId }));
      await test.at(index);
    }
    const { deliveries, truncated } = await test.delivery.list({ status: 'failed', limit: 2 });
    expect(deliveries.map(({ alertId }) => alertId)).toEqual(['c', 'b']);
    expect(truncated).toBe(true);
    expect(await test.delivery.list({ status: 'delivered' })).toEqual({ deliveries: [], truncated: false });
    status = 200;
    expect(await test.delivery.replayAll()).toBe(3);
    await test.delivery.idle();
    expect(await test.delivery.counts()).toMatchObject({ pending: 0, delivered: 3, failed: 0 });
    expect(await test.delivery.replayAll()).toBe(0);
  });
});

test('deliveries are forgotten a week after they went well, a month after they failed', async () => {
  const dayMs = 86_400_000;
  const receiver = await receive(
    (response, { body }) => void response.writeHead(body.includes('"id":"bad"') ? 400 : 200).end(),
  );
  const test = startTestDelivery(routeTo(webhook(receiver.url)));
  await test.put(buildNotification({ alertId: 'good' }), buildNotification({ alertId: 'bad' }));
  await test.at(0);
  await test.at(7 * dayMs);
  expect(await entries(test)).toHaveLength(2);
  await test.at(8 * dayMs);
  expect(await entries(test)).toMatchObject([{ status: 'dead' }]);
  await test.at(31 * dayMs);
  expect(await entries(test)).toEqual([]);
});
