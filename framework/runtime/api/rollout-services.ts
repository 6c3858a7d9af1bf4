import type { Verdict } from '../../model/rollout.ts';

/** New versions of detections that prove themselves in the shadow. */
export interface RolloutServices {
  /** `GET /v1/rollouts` */
  rollouts(): Promise<RolloutList>;
  /** `POST /v1/rollouts/promote`: lets a new version alert without waiting. @throws API_ROLLOUT_UNKNOWN */
  promote(request: PromoteRequest & { readonly actor: string }): Promise<RolloutReport>;
}

/** Which version to promote. */
export interface PromoteRequest {
  /** The detection. */
  readonly ruleId: string;
}

/** One new version on its way. */
export interface RolloutReport {
  readonly ruleId: string;
  readonly version: string;
  /** What alerts meanwhile; `null`: a new detection, of which nothing does. */
  readonly liveVersion: string | null;
  readonly sinceMs: number;
  /** The earliest time at which it is promoted. */
  readonly untilMs: number;
  /** Events of its log types; of a detection over a scheduled query, runs of that. */
  readonly evaluated: number;
  readonly matches: number;
  readonly errors: number;
  readonly alerts: number;
  /** On the day with the most; days are counted from the start. */
  readonly maxAlertsOnADay: number;
  /** `null`: any number. */
  readonly alertBudgetPerDay: number | null;
  /** `held`: it stays in the shadow until somebody promotes it, or it changes. */
  readonly status: Verdict['status'];
  readonly reason: string;
}

/** What is on its way, by detection. */
export interface RolloutList {
  readonly rollouts: readonly RolloutReport[];
}
