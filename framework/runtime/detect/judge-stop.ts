import type { Stop } from './guarded-worker.ts';

/** What workers that stopped over one request had in common with each other. */
export interface StopRecord {
  /** Deaths of a worker, and hangs in our own code. */
  readonly deaths: number;
  /** Indexes of the detections that a worker hung in. */
  readonly hungIn: readonly number[];
}

/** No worker has stopped over this request. */
export const noStops: StopRecord = { deaths: 0, hungIn: [] };

/** What is to be done about a stop. `resend`: it may have been the machine, or the last of many. */
export type Judgement = 'resend' | 'quarantine' | 'set-aside';

/**
 * Says what to do when a worker has stopped over a request, and what to remember.
 *
 * A detection is stopped for good by proof only: a second hang in it over the same request, on a new worker, or a
 * second death. One hang proves nothing: the machine may have stood still, and a thread's own time cannot be told.
 */
export function judgeStop(
  record: StopRecord,
  { cause, at }: Pick<Stop, 'cause' | 'at'>,
): { readonly judgement: Judgement; readonly record: StopRecord } {
  const isContent = at.phase === 'content';
  if (cause === 'hang' && isContent) {
    const judgement = record.hungIn.includes(at.detection) ? 'quarantine' : 'resend';
    return { judgement, record: { ...record, hungIn: [...record.hungIn, at.detection] } };
  }
  const deaths = record.deaths + 1;
  const judgement = deaths < 2 ? 'resend' : isContent ? 'quarantine' : 'set-aside';
  return { judgement, record: { ...record, deaths } };
}
