import type { Clock, StartTimer } from '../../model/clock.ts';
import type { DeliveryFilter, DeliveryList, DeliveryReport } from '../../model/delivery.ts';
import type { Routing } from '../../model/destination.ts';
import type { State } from '../../model/state.ts';

/** What {@link startDelivery} needs. */
export interface DeliveryOptions {
  readonly state: State;
  readonly clock: Clock;
  /** The routing in force. Asked at every send. */
  readonly routing: () => Routing;
  /** Where secrets come from, read at every send. */
  readonly env: NodeJS.ProcessEnv;
  /** Takes what `stdout` destinations write. @defaultValue standard output */
  readonly write?: ((text: string) => void) | undefined;
  /** @defaultValue the global `fetch` */
  readonly fetch?: typeof fetch | undefined;
  /** Of one request. @defaultValue 10,000 */
  readonly timeoutMs?: number | undefined;
  /** Relative paths of `file` destinations start here. @defaultValue the working directory */
  readonly directory?: string | undefined;
  /** From 0 to 1, for the jitter. @defaultValue Math.random */
  readonly random?: (() => number) | undefined;
  /** @defaultValue the machine's timers */
  readonly startTimer?: StartTimer | undefined;
  /** Takes what an operator should read, one line each: deliveries that are dead, commits that fail. */
  readonly onNotice?: ((notice: string) => void) | undefined;
}

/** Deliveries by how they stand. Delivered ones count for 7 days, failed ones until 30 days after they were given up. */
export interface DeliveryCounts {
  readonly pending: number;
  readonly delivered: number;
  readonly failed: number;
}

/** Sends what is in the outbox. */
export interface Delivery {
  /** Looks at the outbox: after a commit that put something there. */
  wake(): void;
  /** Sends everything that is due by the clock; resolves when each has been tried. */
  tick(): Promise<void>;
  /** Resolves when nothing is being sent and nothing is due; what waits for a later attempt does not count. */
  idle(): Promise<void>;
  counts(): Promise<DeliveryCounts & { readonly destinations: Readonly<Record<string, DeliveryCounts>> }>;
  /** The deliveries of an alert, those of its last 20 notifications, oldest first. */
  reportsOf(alertId: string): Promise<readonly DeliveryReport[]>;
  /** Deliveries; what changed last comes first. */
  list(filter: DeliveryFilter): Promise<DeliveryList>;
  /**
   * Tries a failed delivery again, with all its attempts.
   *
   * @param key - `NOTIFICATION_ID/DESTINATION`, as reported.
   * @throws DELIVER_NOT_FAILED when there is no failed delivery with this key.
   */
  replay(key: string): Promise<void>;
  /** Tries every failed delivery again; how many there are. */
  replayAll(): Promise<number>;
  /** Starts no more sends, and waits for those under way. */
  close(): Promise<void>;
}
