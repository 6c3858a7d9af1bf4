import type { Alert, Notification } from '../../model/alert.ts';
import type { Candidate } from './candidate.ts';
import type { FieldTally } from './value-tally.ts';

/** A match as a notification shows it. */
export type Evidence = Notification['evidence'][number];

/** One window of a dedup key: [startMs, endMs) of event time, with what its alert needs. */
export interface AlertWindow {
  readonly startMs: number;
  readonly endMs: number;
  /** When a match last joined, processing time; decides how long it is kept. */
  readonly touchedAtMs: number;
  readonly count: number;
  readonly firstEventTimeMs: number;
  readonly lastEventTimeMs: number;
  readonly tallies: readonly FieldTally[];
  /** The alert, once it exists. */
  readonly alert?: Alert | undefined;
  /** Before the alert exists: what it will be made of. */
  readonly waiting?: WaitingAlert | undefined;
}

/** A window whose threshold is not reached yet. */
export interface WaitingAlert {
  readonly candidate: Candidate;
  /** The first matches, at most five. */
  readonly evidence: readonly Evidence[];
  /** Ids of the matches so far, to link them once the alert exists; at most {@link maxPendingMatches}. */
  readonly matchIds: readonly string[];
  /** Hashes of the distinct values of `unique` so far; no more than the threshold. */
  readonly uniques: readonly string[];
}

/** The windows of one dedup key, by start. JSON; kept in State space 'window'. */
export interface WindowState {
  readonly windows: readonly AlertWindow[];
}

/** Matches of a window that wait in the state to be linked once its alert exists; those beyond stay unlinked. */
export const maxPendingMatches = 10_000;
/** Windows kept per dedup key. */
export const maxWindowsPerKey = 64;
/** A window is kept this long, plus its own length, after a match last joined it. */
export const windowGraceMs = 86_400_000;
/** Matches that a notification shows. */
export const maxEvidence = 5;
