import type { BundleEnvelope } from '../../model/bundle.ts';
import type { Mute } from '../../model/mute.ts';

/** The way back to what was live, and what is not delivered for a time. */
export interface ChannelServices {
  /**
   * `POST /v1/rollback`: makes a bundle live again that was, and holds the channel.
   *
   * @param request.commit - The only commit that the caller may take back. Absent: any.
   * @throws API_BUNDLE_UNKNOWN, API_ROLLBACK_IMPOSSIBLE, API_COMMIT_REFUSED
   */
  rollback(
    request: RollbackRequest & { readonly actor: string; readonly commit?: string | undefined },
  ): Promise<PublishResponse>;
  /** `POST /v1/resume`: lets publishes through again. @throws API_NOT_FROZEN */
  resume(caller: { readonly actor: string }): Promise<LiveBundle>;
  /** `POST /v1/mutes`: stops the delivery of a detection's alerts for a time. @throws API_DETECTION_UNKNOWN */
  mute(request: MuteRequest & { readonly actor: string }): Promise<Mute>;
  /** `POST /v1/mutes/lift`: ends a mute before its time. @throws API_MUTE_UNKNOWN */
  unmute(request: Pick<MuteRequest, 'ruleId' | 'dedup'> & { readonly actor: string }): Promise<Mute>;
  /** `GET /v1/mutes` */
  mutes(): Promise<MuteList>;
  /** `GET /v1/history`: what went live, newest first. */
  history(): Promise<History>;
}

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
  /** The digest of the plan that it carries out, as the publisher says; for the audit. */
  readonly plan?: string | undefined;
}

/** Where to go back to, and why. */
export interface RollbackRequest {
  /** The digest of a bundle that was live, or its first 8 digits and more. @defaultValue what was live before the live one was published */
  readonly to?: string | undefined;
  readonly reason: string;
}

/** What not to deliver, for how long, and why. */
export interface MuteRequest {
  readonly ruleId: string;
  /** One dedup key. @defaultValue every key */
  readonly dedup?: string | undefined;
  /** In milliseconds; at most 7 days. */
  readonly forMs: number;
  readonly reason: string;
}

/** What is muted now; what ends first comes first. */
export interface MuteList {
  readonly mutes: readonly Mute[];
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
