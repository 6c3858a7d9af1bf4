import type { BundleEnvelope } from '../../model/bundle.ts';

/** A bundle to make live. */
export interface PublishRequest {
  readonly envelope: BundleEnvelope;
  /** The serial of the live bundle that this one replaces; 0 for the first. */
  readonly expectedSerial: number;
  /** How many items it may remove where that is more than 10, or more than 5 %. @defaultValue 0 */
  readonly allowRemovals?: number | undefined;
  /** Whether its destinations may need secrets that the runtime lacks. @defaultValue false */
  readonly allowMissingSecrets?: boolean | undefined;
  /** Ids of what was removed that may come back with other logic. @defaultValue none */
  readonly revive?: readonly string[] | undefined;
}

/** Where to go back to, and why. */
export interface RollbackRequest {
  /** The digest of a bundle that was live, or its first 8 digits and more. @defaultValue what was live before the live one was published */
  readonly to?: string | undefined;
  readonly reason: string;
}

/** A rollback's hold on the channel: nothing is published until somebody resumes. */
export interface ChannelFreeze {
  readonly by: string;
  readonly atMs: number;
  readonly reason: string;
}

/** What went live, newest first; the last 20. */
export interface History {
  /** `null`: publishes go through. */
  readonly frozen: ChannelFreeze | null;
  readonly activations: readonly {
    readonly serial: number;
    readonly digest: string;
    readonly activatedAtMs: number;
    /** `null`: made live by an earlier version. */
    readonly actor: string | null;
    readonly action: 'publish' | 'rollback';
    /** Of a rollback. */
    readonly reason: string | null;
    readonly commit: string | null;
  }[];
}

/** The answer to a publish. */
export interface PublishResponse {
  readonly digest: string;
  readonly serial: number;
  /** `false`: this bundle was live already. */
  readonly changed: boolean;
  /** Environment variables that destinations need and the runtime lacks. */
  readonly missingSecrets: readonly string[];
}

/** What the runtime runs. */
export interface LiveBundle {
  /** `null`: nothing was ever published. */
  readonly digest: string | null;
  /** Increases with every activation; 0 before the first. */
  readonly serial: number;
  readonly activatedAtMs: number | null;
  /** The commit it was compiled from, when known. */
  readonly commit: string | null;
  readonly detectionCount: number;
  readonly queryCount: number;
  /** `null`: publishes go through. */
  readonly frozen: ChannelFreeze | null;
}
