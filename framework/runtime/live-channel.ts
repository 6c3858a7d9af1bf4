import type { ActivationRecord, Position } from '../model/log-record.ts';
import type { ChannelFreeze } from './api/index.ts';

/** The `live` pointer: which bundle, the how-manieth activation, and where in the log it happened. */
export interface LiveChannel {
  readonly digest: string;
  readonly serial: number;
  readonly activatedAtMs: number;
  /** The log position after the activation record. */
  readonly next: Position;
  /** Absent in the pointers of earlier versions. */
  readonly actor?: string | undefined;
  readonly frozen?: ChannelFreeze | undefined;
}

/** The pointer that an activation in the log makes. A rollback freezes it. */
export function channelOf(record: ActivationRecord, next: Position): LiveChannel {
  const { digest, serial, activatedAtMs, actor, action, reason = '' } = record;
  const frozen = action === 'rollback' ? { frozen: { by: actor, atMs: activatedAtMs, reason } } : {};
  return { digest, serial, activatedAtMs, next, actor, ...frozen };
}
