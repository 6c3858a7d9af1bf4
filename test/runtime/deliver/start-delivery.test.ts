import { afterEach, describe, expect, test } from 'vitest';
import { createMemoryState } from '../../../framework/model/memory-state.ts';
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

describe('attempts', () => {
  test('a notification is delivered once', async () => {
    const receiver = await receive();
    const test = startTestDelivery(routeTo(webhook(receiver.url)));
    await test.put();
    await test.at(0);
    await test.at(1);
    expect(receiver.received).toHaveLength(1);
    expect(await entries(test)).toMatchObject([{ status: 'delivered', attempts: 1 }]);
    expect(await test.delivery.counts()).toEqual({
      ...{ pending: 0, delivered: 1, failed: 0 },
      destinations: { hook: { pending: 0, delivered: 1, failed: 0 } },
    });
  });

  test('an answer of 500 is tried again later, with the same idempotency key', async () => {
    const receiver = await receive(answerInTurn({ status: 500, body: 'oops' }, { status: 200 }));
    const test = startTestDelivery(routeTo(webhook(receiver.url)));
    await test.put();
    await test.at(0);
    expect(await entries(test)).toMatchObject([
      { status: 'pending', attempts: 1, lastError: { code: 'DELIVER_UNAVAILABLE', reason: 'HTTP 500: oops' } },
    ]);
    await test.at(1_999);
    expect(receiver.received).toHaveLength(1);
    await test.at(2_000);
    expect(await entries(test)).toMatchObject([{ status: 'delivered', attempts: 2 }]);
    const [first, second] = receiver.received;
    expect(first?.headers['idempotency-key']).toBe(buildNotification().notificationId);
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
    expect(second?.body).toBe(first?.body);
  });

  test.each([
    ['seconds', '90', 90_000],
    ['a date', new Date(Date.parse('2026-03-02T10:03:00Z')).toUTCString(), 60_000],
  ])('Retry-After as %s holds up the whole destination', async (_, retryAfter, waitMs) => {
    const receiver = await receive(
      answerInTurn({ status: 429, headers: { 'retry-after': retryAfter } }, { status: 200 }),
    );
    const test = startTestDelivery(routeTo(webhook(receiver.url)));
    await test.put(buildNotification(), buildNotification({ alertId: 'another' }));
    await test.at(0);
    await test.at(waitMs - 1);
    expect(receiver.received).toHaveLength(1);
    await test.at(waitMs);
    expect(receiver.received).toHaveLength(3);
    expect(await test.delivery.counts()).toMatchObject({ delivered: 2 });
  });

  test.each([
    [400, 'invalid_payload', 'HTTP 400: invalid_payload'],
    [403, '', 'HTTP 403'],
    [410, 'channel_is_archived', 'HTTP 410: channel_is_archived'],
    [302, 'elsewhere', 'HTTP 302: redirects are not followed.'],
  ])('an answer of %i is final', async (status, body, reason) => {
    const elsewhere = await receive();
    const receiver = await receive(answerInTurn({ status, body, headers: { location: elsewhere.url } }));
    const test = startTestDelivery(routeTo(webhook(receiver.url)));
    await test.put();
    await test.at(0);
    expect(await entries(test)).toMatchObject([
      { status: 'dead', attempts: 1, lastError: { code: 'DELIVER_REFUSED', reason } },
    ]);
    expect(elsewhere.received).toEqual([]);
    expect(test.notices).toEqual([expect.stringContaining('was not delivered to hook')]);
  });

  test.each([408, 425, 503])('an answer of %i is not', async (status) => {
    const receiver = await receive(answerInTurn({ status }));
    const test = startTestDelivery(routeTo(webhook(receiver.url)));
    await test.put();
    await test.at(0);
    expect(await entries(test)).toMatchObject([{ status: 'pending' }]);
  });

  test('after ten attempts over hours it is dead, and can be replayed', async () => {
    let status = 500;
    const receiver = await receive((response) => void response.writeHead(status).end());
    const test = startTestDelivery(routeTo(webhook(receiver.url)));
    await test.put(buildNotification());
    const waits = [0, 2, 8, 32, 128, 512, 2_048, 3_600, 3_600, 3_600];
    let afterMs = 0;
    for (const seconds of waits) {
      afterMs += seconds * 1_000;
      await test.at(afterMs);
    }
    expect(receiver.received).toHaveLength(10);
    const [failed] = (await test.delivery.list({ status: 'failed' })).deliveries;
    expect(failed).toMatchObject({
      status: 'failed',
      attempts: 10,
      error: 'DELIVER_UNAVAILABLE: HTTP 500 Given up after 10 attempts.',
    });
    status = 200;
    await test.delivery.replay(failed?.key ?? '');
    await test.delivery.idle();
    expect(await test.delivery.reportsOf(buildNotification().alert.alertId)).toMatchObject([
      { status: 'delivered', attempts: 1, error: null },
    ]);
    await expect(test.delivery.replay(failed?.key ?? '')).rejects.toMatchObject({ code: 'DELIVER_NOT_FAILED' });
  });

  test('a receiver that does not answer is tried again', async () => {
    const receiver = await receive(() => {});
    const test = startTestDelivery(routeTo(webhook(receiver.url)), { timeoutMs: 30 });
    await test.put();
    await test.at(0);
    expect(await entries(test)).toMatchObject([
      { status: 'pending', lastError: { code: 'DELIVER_TIMEOUT', reason: 'No answer within 30 ms.' } },
    ]);
  });

  test('a receiver whose answer has no end is cut off', async () => {
    const receiver = await receive((response) => {
      response.writeHead(400);
      const pour = (): void => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', pour);
      };
      pour();
    });
    const test = startTestDelivery(routeTo(webhook(receiver.url)));
    await test.put();
    await test.at(0);
    const [entry] = await entries(test);
    expect(entry?.lastError?.reason).toMatch(/^HTTP 400: x+…$/);
    expect(entry?.lastError?.reason).toHaveLength(500);
  });

  test('no connection is tried again', async () => {
    const receiver = await startReceiver();
    await receiver.close();
    const test = startTestDelivery(routeTo(webhook(receiver.url)));
    await test.put();
    await test.at(0);
    expect(await entries(test)).toMatchObject([
      {
        status: 'pending',
        lastError: { code: 'DELIVER_UNREACHABLE', reason: expect.stringContaining('ECONNREFUSED') },
      },
    ]);
  });
});

describe('at least once', () => {
  test('a runtime that dies between send and commit sends again, with the same idempotency key', async () => {
    const receiver = await receive();
    const state = createMemoryState();
    const dying = { ...state, commit: () => new Promise<never>(() => {}) };
    const first = startTestDelivery(routeTo(webhook(receiver.url)), { state });
    await first.put();
    await first.delivery.close();
    const lost = startTestDelivery(routeTo(webhook(receiver.url)), { state: dying });
    void lost.delivery.tick();
    await expect.poll(() => receiver.received.length, { interval: 5 }).toBe(1);
    const restarted = startTestDelivery(routeTo(webhook(receiver.url)), { state });
    await restarted.at(0);
    expect(receiver.received.map(({ headers }) => headers['idempotency-key'])).toEqual([
      buildNotification().notificationId,
      buildNotification().notificationId,
    ]);
    expect(await entries(restarted)).toMatchObject([{ status: 'delivered' }]);
  });

  test('a commit that fails is repeated, the send is not', async () => {
    const receiver = await receive();
    const state = createMemoryState();
    let refusals = 2;
    const flaky = {
      ...state,
      commit: async (changes: Parameters<typeof state.commit>[0]) => {
        if (changes.remove && refusals-- > 0) throw new Error('The disk is full.');
        await state.commit(changes);
      },
    };
    const test = startTestDelivery(routeTo(webhook(receiver.url)), { state: flaky });
    await test.put();
    for (const afterMs of [0, 500, 1_000, 2_000, 3_000]) await test.at(afterMs);
    expect(receiver.received).toHaveLength(1);
    expect(await entries(test)).toMatchObject([{ status: 'delivered' }]);
    expect(test.notices).toEqual(Array(2).fill('A delivery cannot be recorded: The disk is full.'));
  });
});
