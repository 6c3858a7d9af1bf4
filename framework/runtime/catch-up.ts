import type { Position } from '../model/log-record.ts';
import { MargayError } from '../model/margay-error.ts';
import type { Consumer } from './consumer.ts';

type Consumers = Readonly<Record<string, Consumer>>;

/** Resolves when every consumer has committed everything before a log position. */
export async function reachAll(consumers: Consumers, end: Position, signal?: AbortSignal): Promise<void> {
  await Promise.all(Object.values(consumers).map((consumer) => consumer.reach(end, signal)));
}

/**
 * The same for what cannot wait for ever.
 *
 * @throws RUNTIME_BEHIND when it takes longer, with what holds it up.
 */
export async function reachAllWithin(
  consumers: Consumers,
  end: Position,
  withinMs: number,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  try {
    await reachAll(consumers, end, AbortSignal.any([signal, AbortSignal.timeout(withinMs)]));
  } catch (cause) {
    const stalled = Object.entries(consumers).flatMap(([name, consumer]) => {
      const reason = consumer.stalledBy();
      return reason ? [`${name}: ${reason}`] : [];
    });
    const because = stalled.length > 0 ? ` (${stalled.join('; ')})` : '';
    throw new MargayError('RUNTIME_BEHIND', `The runtime is behind its log${because}.`, {
      hint: "Try again in a while; 'margay status' shows how far each consumer is.",
      cause,
    });
  }
}
