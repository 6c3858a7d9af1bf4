import type { Level } from './level.ts';

/** A value that only the environment of the runtime has. Secrets are never in a bundle. */
export interface EnvReference {
  readonly env: string;
}

/** A destination as `margay.config.ts` declares it, compiled. */
export interface Destination {
  readonly name: string;
  /** The plug-in: `stdout`, `file`, `slack`, `webhook`. */
  readonly type: string;
  /** Alerts of these levels go here when nothing else is said. */
  readonly levels: readonly Level[];
  /** The plug-in's own settings; a secret is an {@link EnvReference}. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Where alerts go. */
export interface Routing {
  readonly destinations: readonly Destination[];
  /** Takes what names an unknown destination, so that it is never lost. */
  readonly defaultDestination?: string | undefined;
}
