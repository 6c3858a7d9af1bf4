import type { Bundle } from '../model/bundle.ts';
import type { BatchRecord } from '../model/log-record.ts';

/** When a log type was last heard of. */
export interface Heard {
  /** When the runtime received its newest batch. Absent: none was ever accepted. */
  readonly receivedAtMs?: number | undefined;
  /** When it came to have `silentAfter`, and has had it since: the activation of a bundle. */
  readonly watchedSinceMs?: number | undefined;
}

/** By log type; those of the bundle in force. Part of the detect consumer's position, so that it costs no write. */
export type LastHeard = Readonly<Record<string, Heard>>;

/** A log type of which nothing was received for longer than its `silentAfter`. */
export interface Silence {
  readonly logType: string;
  readonly silentAfterMs: number;
  /** The last batch, or when it came to be watched, whichever was later. */
  readonly sinceMs: number;
  readonly receivedAtMs?: number | undefined;
}

/** With batches that were read from the log. */
export function hear(heard: LastHeard = {}, batches: readonly BatchRecord[]): LastHeard {
  const latest: Record<string, Heard> = { ...heard };
  for (const { logType, receivedAtMs } of batches) {
    const known = latest[logType];
    latest[logType] = { ...known, receivedAtMs: Math.max(known?.receivedAtMs ?? 0, receivedAtMs) };
  }
  return latest;
}

/** With the log types of a bundle that comes into force: a log type that it watches anew is silent from then at the earliest. */
export function watchFrom(
  heard: LastHeard = {},
  { logTypes }: Pick<Bundle, 'logTypes'>,
  activatedAtMs: number,
): LastHeard {
  return Object.fromEntries(
    logTypes.flatMap(({ name, silentAfterMs }) => {
      const { receivedAtMs, watchedSinceMs = activatedAtMs } = heard[name] ?? {};
      const entry: Heard = {
        ...(receivedAtMs === undefined ? {} : { receivedAtMs }),
        ...(silentAfterMs === undefined ? {} : { watchedSinceMs }),
      };
      return Object.keys(entry).length > 0 ? [[name, entry] as const] : [];
    }),
  );
}

/** The log types that are silent now. */
export function silences(
  { logTypes }: Pick<Bundle, 'logTypes'>,
  heard: LastHeard = {},
  nowMs: number,
): readonly Silence[] {
  return logTypes.flatMap(({ name: logType, silentAfterMs }) => {
    const { receivedAtMs, watchedSinceMs } = heard[logType] ?? {};
    if (silentAfterMs === undefined || watchedSinceMs === undefined) return [];
    const sinceMs = Math.max(watchedSinceMs, receivedAtMs ?? 0);
    return nowMs - sinceMs >= silentAfterMs ? [{ logType, silentAfterMs, sinceMs, receivedAtMs }] : [];
  });
}
