import type { BundleEnvelope } from '../model/bundle.ts';
import type { Clock, StartTimer } from '../model/clock.ts';
import type { Trust } from '../model/trust.ts';

/** How a runtime is started. */
export interface RuntimeOptions {
  /** Where everything durable lives. Made when missing; one runtime at a time. */
  readonly directory: string;
  /** @defaultValue 127.0.0.1 */
  readonly host?: string;
  /** 0 takes a free port. @defaultValue 7430 */
  readonly port?: number;
  /** The bearer token that may everything. Needed unless the host is a loopback address. */
  readonly token?: string | undefined;
  /** Whose bundles are taken, and which workflow may publish. @defaultValue tokens alone decide */
  readonly trust?: Trust | undefined;
  /** Where destinations' secrets come from. */
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** What wakes the schedule, the watch over silent sources and housekeeping. @defaultValue the machine's timers */
  readonly startTimer?: StartTimer;
  /** Takes what an operator should read, one line each. */
  readonly onNotice?: (notice: string) => void;
  /** Takes what `stdout` destinations write. @defaultValue standard output */
  readonly write?: (text: string) => void;
}

/** A running runtime. */
export interface Runtime {
  readonly url: string;
  /** Publishes without going through HTTP, as `margay run` does with its own content. */
  publish(envelope: BundleEnvelope, actor: string): Promise<{ readonly changed: boolean; readonly serial: number }>;
  /** Resolves when everything accepted so far is detected, filed and delivered or waiting for a retry. */
  settled(): Promise<void>;
  /** Stops taking logs, finishes what is under way, and closes every file. */
  close(): Promise<void>;
}
