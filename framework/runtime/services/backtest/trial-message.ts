import type { DetectionTrial } from '../../../model/backtest.ts';
import type { Bundle } from '../../../model/bundle.ts';
import type { ErrorCode } from '../../../model/error-codes.ts';
import type { RuleMatch } from '../../../model/rule-match.ts';
import type { Row } from '../../../model/table.ts';
import type { HistoryInput } from '../../detect/index.ts';

/** The two logics of a trial: what is live, and what is tried. */
export type Side = 'before' | 'after';

/** Both, in the order in which they are told. */
export const sides: readonly Side[] = ['before', 'after'];

/** Something of each side that has it. */
export type BySide<T> = Readonly<Partial<Record<Side, T>>>;

/** One detection under both logics. Absent: this side does not have it. */
export interface TrialPair {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

/** What a trial is opened with. */
export interface TrialSetup {
  /** The bundle of each side, cut down to what is tried. */
  readonly bundles: BySide<Bundle>;
  /** By their place the requests name them. */
  readonly pairs: readonly TrialPair[];
  readonly keep: HistoryInput['keep'];
  /** Whether matches are sent back. */
  readonly returnsMatches: boolean;
  readonly withValues: boolean;
  readonly withSamples: boolean;
  /** Matches per pair and side from which on only matches are counted. */
  readonly maxMatches: number;
}

/** Rows of a log type's table for one pair. */
export interface TrialEvents {
  readonly pair: number;
  readonly logType: string;
  /** One JSON text per row. */
  readonly rows: readonly string[];
  /** Per side, one character per row: `1` where its condition lets the row through. */
  readonly marks: BySide<string>;
}

/** A run of a scheduled query for one pair. Absent rows: the side has no such run. */
export interface TrialRun {
  readonly pair: number;
  readonly queryId: string;
  readonly scheduledAtMs: number;
  readonly rows: BySide<readonly Row[]>;
  readonly truncated: boolean;
}

/** What the process of a trial is asked, one after another. */
export type TrialRequest = { readonly sequence: number } & (
  | { readonly kind: 'open'; readonly setup: TrialSetup }
  | { readonly kind: 'events'; readonly events: TrialEvents }
  | { readonly kind: 'run'; readonly run: TrialRun }
  | { readonly kind: 'finish' }
);

/** What a request gave. */
export interface TrialAnswer {
  /** Where the setup asks for them. */
  readonly matches?: Readonly<Record<Side, readonly RuleMatch[]>> | undefined;
  /** By pair. */
  readonly trials?: readonly DetectionTrial[] | undefined;
}

/** What the process replies, in the order of the requests. */
export type TrialReply = { readonly sequence: number } & (
  | { readonly answer: TrialAnswer }
  | { readonly code: ErrorCode; readonly message: string; readonly hint?: string | undefined }
);
