import type { Notification } from '../../model/alert.ts';
import type { DeliveryOptions } from './delivery.ts';
import type { SendResult } from './destination-plugin.ts';
import { pluginOf } from './destinations/index.ts';
import { type OutboxEntry, unknownDestination } from './outbox.ts';
import { printableLine } from './printable-text.ts';
import { scrubSecrets } from './scrub-secrets.ts';
import { resolveSettings } from './settings.ts';

const defaultTimeoutMs = 10_000;
const maxReasonLength = 500;

/** Sends an entry once. Never throws; no reason it gives holds a secret. */
export async function sendEntry(entry: OutboxEntry, options: DeliveryOptions): Promise<SendResult> {
  const routing = options.routing();
  const find = (wanted: string | undefined) => routing.destinations.find(({ name }) => name === wanted);
  const destination = find(entry.destination) ?? find(routing.defaultDestination);
  // Perhaps no bundle is in force yet, so this is worth another attempt.
  if (!destination) return { kind: 'failed', ...unknownDestination(entry.destination), isPermanent: false };
  const plugin = pluginOf(destination.type);
  if (!plugin) return permanent('DELIVER_TYPE_UNKNOWN', `There is no type '${destination.type}'.`);
  const settings = resolveSettings(plugin.settings, destination.settings, options.env);
  if ('problem' in settings) {
    const { code, message: reason } = settings.problem;
    return { kind: 'failed', code, reason, isPermanent: code !== 'DELIVER_SECRET_MISSING' };
  }
  const { resolved } = settings;
  const result = await plugin
    .send(entry.notification as Notification, {
      settings: resolved,
      clock: options.clock,
      write: options.write ?? ((text) => void process.stdout.write(text)),
      fetch: options.fetch ?? fetch,
      timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
      directory: options.directory ?? process.cwd(),
    })
    .catch(unexpected);
  if (result.kind === 'sent') return result;
  return { ...result, reason: printableLine(scrubSecrets(result.reason, resolved.secrets), maxReasonLength) };
}

function permanent(code: (SendResult & { kind: 'failed' })['code'], reason: string): SendResult {
  return { kind: 'failed', code, reason, isPermanent: true };
}

function unexpected(error: unknown): SendResult {
  const reason = error instanceof Error ? error.message : String(error);
  return { kind: 'failed', code: 'DELIVER_WRITE_FAILED', reason, isPermanent: false };
}
