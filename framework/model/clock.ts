/** Where "now" comes from. Always an argument, so that tests can set it. */
export interface Clock {
  /** Milliseconds since the Unix epoch, UTC. */
  now(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** Calls back once after a delay, in milliseconds; the result cancels. An argument where tests must not wait. */
export type StartTimer = (delayMs: number, fire: () => void) => () => void;

/** The machine's timers. They don't keep the process alive. */
export const systemTimer: StartTimer = (delayMs, fire) => {
  const timer = setTimeout(fire, delayMs).unref();
  return () => clearTimeout(timer);
};
