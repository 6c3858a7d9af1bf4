import type { EnvReference } from '../model/destination.ts';
import type { Level } from '../model/level.ts';
import type { PolicyCode } from '../model/plan.ts';
import type { StandardTableName } from '../model/standard-table-names.ts';
import type { LogTypes } from './detection.ts';

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

/** What a team decides about a log type. It wins over what the file of the log type says. Durations: `'365d'`, `'2h'`. */
export interface LogTypeSettings {
  /**
   * How long its events are kept, by event time and whole days.
   *
   * @defaultValue for ever
   */
  readonly retention?: string;
  /**
   * How long its batches are kept as they were sent, so that a changed log type can be derived from them again.
   *
   * @defaultValue `'30d'`
   */
  readonly archive?: string;
  /**
   * No logs of this type for so long raise an alert.
   *
   * @defaultValue never
   */
  readonly silentAfter?: string;
}

/** The log types of the repository, once `margay types` has written them; any name before. */
type LogTypeName = keyof LogTypes extends never ? string : keyof LogTypes;

/** How serious a policy takes what it finds; an `error` stands in the way of a publish. */
export type PolicyLevel = 'error' | 'warning' | 'info' | 'off';

/** A finding of a policy that the team accepts for a time. */
export interface Waiver {
  /** The code of the policy, such as `PLAN_OWNER_MISSING`. */
  readonly policy: PolicyCode;
  /** The id of the detection or query, or the name of what else the finding is about. */
  readonly item: string;
  readonly reason: string;
  /** The last day, in UTC: `2026-12-31`. */
  readonly until: string;
}

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
  /** By name, as in `logTypes: { 'Okta.SystemLog': { silentAfter: '2h' } }`. */
  readonly logTypes?: { readonly [Log in LogTypeName]?: LogTypeSettings };
  /** How serious a plan takes what its policies find, as in `policies: { PLAN_OWNER_MISSING: 'error' }`. */
  readonly policies?: { readonly [Code in PolicyCode]?: PolicyLevel };
  /** Findings that are accepted for a time. They stay in sight, and count again when it is over. */
  readonly waivers?: readonly Waiver[];
  /** How long rows of the standard tables are kept: for ever unless said here, as in `rule_matches: { retention: '400d' }`. */
  readonly tables?: { readonly [Table in StandardTableName]?: { readonly retention: string } };
}

/**
 * Declares where alerts go, and what is decided about log types and tables:
 * `export default defineConfig({ destinations: { … } })` in `margay.config.ts`.
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
