import { afterEach, describe, expect, test } from 'vitest';
import type { OutboxEntry } from '../../../framework/runtime/deliver/outbox.ts';
import { buildNotification, routeTo, webhook } from './build-notification.ts';
import { answerInTurn, type Receiver, startReceiver } from './start-receiver.ts';
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

describe('destinations', () => {
  test('one at a time each, and one that is slow holds up no other', async () => {
    const open: (() => void)[] = [];
    const slow = await receive((response) => void open.push(() => response.end()));
    const fast = await receive();
    const test = startTestDelivery(routeTo(webhook(slow.url, {}, 'slow'), webhook(fast.url, {}, 'fast')));
    const alerts = ['a', 'b'].map((alertId) => buildNotification({ alertId, destinations: ['slow', 'fast'] }));
    await test.put(...alerts);
    const ticking = test.at(0);
    await expect.poll(() => fast.received.length, { interval: 5 }).toBe(2);
    expect(slow.received).toHaveLength(1);
    open[0]?.();
    await expect.poll(() => slow.received.length, { interval: 5 }).toBe(2);
    open[1]?.();
    await ticking;
    expect((await test.delivery.counts()).destinations).toMatchObject({
      slow: { delivered: 2 },
      fast: { delivered: 2 },
    });
  });

  test('one that does not answer holds up no retry of another', async () => {
    const open: (() => void)[] = [];
    const slow = await receive((response) => void open.push(() => response.end()));
    const flaky = await receive(answerInTurn({ status: 500 }, { status: 200 }));
    const test = startTestDelivery(routeTo(webhook(slow.url, {}, 'slow'), webhook(flaky.url, {}, 'flaky')));
    await test.put(buildNotification({ destinations: ['slow', 'flaky'] }));
    test.delivery.wake();
    await expect.poll(() => test.timer()?.delayMs, { interval: 5 }).toBe(2_000);
    expect([slow.received.length, flaky.received.length]).toEqual([1, 1]);
    test.passTimer();
    await expect.poll(() => flaky.received.length, { interval: 5 }).toBe(2);
    expect(slow.received).toHaveLength(1);
    open[0]?.();
    await test.delivery.idle();
    expect(await test.delivery.counts()).toMatchObject({ pending: 0, delivered: 2 });
  });

  test('what is put in while a send is under way is sent too', async () => {
    const open: (() => void)[] = [];
    const receiver = await receive((response) => void open.push(() => response.end()));
    const test = startTestDelivery(routeTo(webhook(receiver.url)));
    await test.put(buildNotification({ alertId: 'a' }));
    test.delivery.wake();
    await expect.poll(() => receiver.received.length, { interval: 5 }).toBe(1);
    await test.put(buildNotification({ alertId: 'b' }));
    test.delivery.wake();
    open[0]?.();
    await expect.poll(() => receiver.received.length, { interval: 5 }).toBe(2);
    open[1]?.();
    await test.delivery.idle();
    expect(await test.delivery.counts()).toMatchObject({ pending: 0, delivered: 2 });
  });

  test('a destination that is not configured (any more) is replaced by the default, and dead without one', async () => {
    const receiver = await receive();
    const hook = webhook(receiver.url);
    const withDefault = startTestDelivery({ destinations: [hook], defaultDestination: 'hook' });
    await withDefault.put(buildNotification({ destinations: ['gone'] }));
    await withDefault.at(0);
    expect(await entries(withDefault)).toMatchObject([{ status: 'delivered', destination: 'hook' }]);
    const without = startTestDelivery(routeTo(hook));
    await without.put(buildNotification({ destinations: ['gone'] }));
    expect(await entries(without)).toMatchObject([
      { status: 'dead', lastError: { code: 'DELIVER_DESTINATION_UNKNOWN' } },
    ]);
  });

  test('before a bundle is in force deliveries wait', async () => {
    const receiver = await receive();
    let routing = routeTo(webhook(receiver.url));
    const test = startTestDelivery(routing, { routing: () => routing });
    await test.put();
    routing = { destinations: [] };
    await test.at(0);
    expect(await entries(test)).toMatchObject([
      { status: 'pending', lastError: { code: 'DELIVER_DESTINATION_UNKNOWN' } },
    ]);
    routing = routeTo(webhook(receiver.url));
    await test.at(2_000);
    expect(await entries(test)).toMatchObject([{ status: 'delivered' }]);
  });
});
