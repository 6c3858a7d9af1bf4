import type { Changes } from '../../model/state.ts';
import type { DeliveryOptions } from './delivery.ts';
import { type OutboxEntry, outboxKey } from './outbox.ts';
import { sendEntry } from './send-entry.ts';
import { moveEntry, settleEntry } from './settle-entry.ts';

/** The sends to one destination, one at a time. */
export interface DestinationLane {
  /** Takes entries that are not known yet. */
  add(entry: OutboxEntry): void;
  /** Sends what is due, oldest first; resolves when nothing is. */
  drain(): Promise<void>;
  /** When something will be due; `undefined` when nothing waits, or while it drains. */
  nextAtMs(): number | undefined;
}

interface LaneItem {
  entry: OutboxEntry;
  /** The outcome of a send that could not be committed: committed first, so that the send is not repeated. */
  unsaved?: { readonly after: OutboxEntry; readonly changes: Changes } | undefined;
}

/** After a commit that failed. */
const commitRetryMs = 1_000;

/** Creates the lane of a destination. */
export function createLane(options: DeliveryOptions & { readonly isClosed: () => boolean }): DestinationLane {
  const { clock, state } = options;
  const items = new Map<string, LaneItem>();
  let pausedUntilMs = Number.NEGATIVE_INFINITY;
  let draining: Promise<void> | undefined;
  let isSecretMissing = false;

  const nextDue = (): LaneItem | undefined => {
    const nowMs = clock.now();
    if (options.isClosed() || pausedUntilMs > nowMs) return undefined;
    const due = [...items.values()].filter(({ entry, unsaved }) => unsaved || entry.nextAttemptAtMs <= nowMs);
    return due.reduce<LaneItem | undefined>(
      (first, item) => (first && isBefore(first, item) ? first : item),
      undefined,
    );
  };

  const send = async (item: LaneItem): Promise<void> => {
    const { entry } = item;
    const result = await sendEntry(entry, options);
    const after = settleEntry(entry, result, clock.now(), (options.random ?? Math.random)());
    // The receiver wants peace from everybody, not only from this message.
    if (result.kind === 'failed' && result.retryAfterMs) pausedUntilMs = after.nextAttemptAtMs;
    noticeSecret(after);
    // What is known already is not written again every few minutes.
    if (isStillWaiting(entry, after)) item.entry = after;
    else item.unsaved = { after, changes: moveEntry(entry, after) };
  };

  /** Once per destination, not once per message. */
  const noticeSecret = ({ destination, status, missingSecretSinceMs, lastError }: OutboxEntry): void => {
    const isMissing = status === 'pending' && missingSecretSinceMs !== undefined;
    if (isMissing && !isSecretMissing) {
      options.onNotice?.(
        `Deliveries to ${destination} wait for a secret: ${lastError?.reason} Set it, and start again.`,
      );
    }
    isSecretMissing = isMissing;
  };

  const save = async (item: LaneItem): Promise<void> => {
    if (!item.unsaved) return;
    const { after, changes } = item.unsaved;
    await state.commit(changes);
    item.unsaved = undefined;
    if (after.status === 'pending') item.entry = after;
    else items.delete(outboxKey(item.entry));
    if (after.status === 'dead') options.onNotice?.(deadNotice(after));
  };

  const drain = async (): Promise<void> => {
    for (let item = nextDue(); item; item = nextDue()) {
      if (!item.unsaved) await send(item);
      try {
        await save(item);
      } catch (error) {
        pausedUntilMs = clock.now() + commitRetryMs;
        options.onNotice?.(`A delivery cannot be recorded: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };

  return {
    add: (entry) => {
      const key = outboxKey(entry);
      if (items.has(key)) return;
      // Read from an outbox that was left by a runtime before: the variable may be set in this one.
      const isDue = entry.missingSecretSinceMs !== undefined;
      items.set(key, { entry: isDue ? { ...entry, nextAttemptAtMs: clock.now() } : entry });
    },
    drain: async () => {
      // What comes due while a drain is ending is looked for again.
      while (nextDue()) {
        draining ??= drain().finally(() => {
          draining = undefined;
        });
        await draining;
      }
    },
    nextAtMs: () => {
      if (draining) return undefined;
      const times = [...items.values()].map(({ entry, unsaved }) => (unsaved ? 0 : entry.nextAttemptAtMs));
      return times.length > 0 ? Math.max(Math.min(...times), pausedUntilMs) : undefined;
    },
  };
}

function isBefore(a: LaneItem, b: LaneItem): boolean {
  return a.entry.createdAtMs <= b.entry.createdAtMs;
}

function isStillWaiting(before: OutboxEntry, after: OutboxEntry): boolean {
  const isWaiting = after.status === 'pending' && after.missingSecretSinceMs !== undefined;
  return isWaiting && before.missingSecretSinceMs !== undefined;
}

function deadNotice({ alertId, destination, lastError }: OutboxEntry): string {
  const why = lastError ? `${lastError.code}: ${lastError.reason}` : 'unknown';
  return `Alert ${alertId} was not delivered to ${destination} and will not be tried again: ${why}`;
}
