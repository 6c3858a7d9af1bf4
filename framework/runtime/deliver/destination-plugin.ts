import type { Notification } from '../../model/alert.ts';
import type { Clock } from '../../model/clock.ts';
import type { ErrorCode } from '../../model/error-codes.ts';
import type { ResolvedSettings, SettingsShape } from './settings.ts';

/** How a send ended. What `isPermanent` says is not worth another attempt. */
export type SendResult =
  | { readonly kind: 'sent' }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly reason: string;
      readonly isPermanent: boolean;
      /** How long the receiver asks to be left alone. */
      readonly retryAfterMs?: number | undefined;
    };

/** What a send may use. */
export interface SendContext {
  readonly settings: ResolvedSettings;
  readonly clock: Clock;
  /** The standard output of the runtime. */
  readonly write: (text: string) => void;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
  /** Relative paths of files start here. */
  readonly directory: string;
}

/** One type of destination. One folder each in `destinations/`, named after the type. */
export interface DestinationPlugin {
  /** As `type:` in `margay.config.ts`. */
  readonly type: string;
  /** The settings it takes. */
  readonly settings: SettingsShape;
  /** Sends one notification once. What it throws is a failure that is worth another attempt. */
  send(notification: Notification, context: SendContext): Promise<SendResult>;
}
