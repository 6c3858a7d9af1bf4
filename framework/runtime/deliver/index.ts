export { checkDestinations, missingSecrets } from './check-destinations.ts';
export type {
  Delivery,
  DeliveryCounts,
  DeliveryOptions,
} from './delivery.ts';
export type { NotificationPayload } from './notification-payload.ts';
export { enqueue, type OutboxEntry } from './outbox.ts';
export { startDelivery } from './start-delivery.ts';
