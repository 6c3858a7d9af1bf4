/** How one delivery of an alert stands. */
export interface DeliveryReport {
  /** `NOTIFICATION_ID/DESTINATION`, for a replay. */
  readonly key: string;
  readonly notificationId: string;
  readonly alertId: string;
  readonly destination: string;
  /** `failed`: given up, until it is replayed. */
  readonly status: 'pending' | 'delivered' | 'failed';
  readonly attempts: number;
  readonly updatedAtMs: number;
  /** A code and a reason. */
  readonly error: string | null;
}

/** Which deliveries to list. Absent: all. */
export interface DeliveryFilter {
  readonly status?: DeliveryReport['status'] | undefined;
  /** @defaultValue 50, at most 1,000 */
  readonly limit?: number | undefined;
}

/** Deliveries; what changed last comes first. */
export interface DeliveryList {
  readonly deliveries: readonly DeliveryReport[];
  /** `true`: there are more than `limit`. */
  readonly truncated: boolean;
}
