import type { EnvReference } from '../model/destination.ts';
import type { Level } from '../model/level.ts';

/** One level, or a level and all above it: `medium+`. */
export type LevelSelector = Level | `${Level}+`;

interface Selective {
  /**
   * Alerts of these levels go here when nothing else is said; `[]`: only those that name it.
   *
   * @defaultValue `['low+']`, all but informational ones
   */
  readonly levels?: readonly LevelSelector[];
}

/** Writes alerts to the runtime's standard output. */
export interface StdoutDestination extends Selective {
  readonly type: 'stdout';
}

/** Appends alerts to a file, one JSON object a line. */
export interface FileDestination extends Selective {
  readonly type: 'file';
  /** Absolute, or relative to where the runtime was started. */
  readonly path: string;
}

/** Posts alerts to a Slack channel by an incoming webhook. */
export interface SlackDestination extends Selective {
  readonly type: 'slack';
  /** The webhook's address. Whoever knows it can post, so it comes from the environment. */
  readonly webhookUrl: EnvReference;
}

/** Posts alerts as JSON to any HTTP receiver. */
export interface WebhookDestination extends Selective {
  readonly type: 'webhook';
  readonly url: string | EnvReference;
  /** Sent with each request. What authorises comes from the environment. */
  readonly headers?: Readonly<Record<string, string | EnvReference>>;
  /** Signs each request (`Margay-Signature`), so that the receiver knows that it comes from here. */
  readonly secret?: EnvReference;
}

/** A place that alerts are delivered to. */
export type DestinationConfig = StdoutDestination | FileDestination | SlackDestination | WebhookDestination;

/** What `margay.config.ts` says. */
export interface Config<Name extends string = string> {
  /** By name: what `destinations:` of a detection and the alert's record call it. */
  readonly destinations: Readonly<Record<Name, DestinationConfig>>;
  /**
   * Takes the alerts that name an unknown destination.
   *
   * @defaultValue the destination declared first
   */
  readonly default?: NoInfer<Name>;
}

/**
 * Declares where alerts go: `export default defineConfig({ destinations: { … } })` in `margay.config.ts`.
 *
 * Without that file, alerts of level low and above go to standard output.
 */
export function defineConfig<Name extends string>(config: Config<Name>): Config<Name> {
  return config;
}

/**
 * A value that only the environment of the runtime has, by the name of its variable. The bundle holds the
 * name, never the value.
 */
export function env(name: string): EnvReference {
  return { env: name };
}
