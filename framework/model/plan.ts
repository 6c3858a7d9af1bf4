import type { Comparison } from './backtest.ts';
import type { ErrorCode } from './error-codes.ts';
import type { Problem, Where } from './margay-error.ts';
import type { Mute } from './mute.ts';
import type { TestTotals } from './test-report.ts';

/** What a plan speaks of. */
export const planKinds = ['detection', 'query', 'log-type', 'lookup', 'destination', 'setting'] as const;

/** The kind of an item. `setting`: what `margay.config.ts` says besides destinations. */
export type PlanKind = (typeof planKinds)[number];

/**
 * The sides of an item, each with a digest of its own.
 *
 * - `logic`: what is found: conditions, SQL and its schedule, code with everything that it imports, fields.
 * - `routing`: what becomes of it: level, mode, dedup, threshold, destinations, limits, retention.
 * - `meta`: what people read, and tests.
 */
export const planAspects = ['logic', 'routing', 'meta'] as const;

/** One of {@link planAspects}. */
export type PlanAspect = (typeof planAspects)[number];

/** An item reduced to what a plan compares. */
export interface ItemSnapshot {
  readonly kind: PlanKind;
  /** The id of a detection or query, the name of everything else. */
  readonly id: string;
  /** Earlier ids, oldest first. */
  readonly aliases: readonly string[];
  readonly title: string;
  readonly owners: readonly string[];
  /** Aspect → field → value, canonical: equal values are equal JSON. */
  readonly aspects: Readonly<Record<PlanAspect, Readonly<Record<string, unknown>>>>;
  /** SHA-256 over the canonical JSON of each aspect. */
  readonly digests: Readonly<Record<PlanAspect, string>>;
  /** Texts that are shown where the logic differs and are not compared themselves: SQL. */
  readonly shown?: Readonly<Record<string, string>> | undefined;
  readonly where?: Where | undefined;
}

/** One field that differs. */
export interface FieldChange {
  readonly aspect: PlanAspect;
  /** `level`, `dedup.by`. */
  readonly field: string;
  /** Absent: it had none. */
  readonly before?: unknown;
  /** Absent: it has none any more. */
  readonly after?: unknown;
}

/** What happens to one item. */
export interface PlanItem {
  readonly change: 'added' | 'changed' | 'removed';
  readonly kind: PlanKind;
  readonly id: string;
  /** The id that is live, when `aliases` says that it was renamed. */
  readonly previousId?: string | undefined;
  readonly title: string;
  readonly owners: readonly string[];
  /** The aspects whose digests differ, for `changed`. */
  readonly aspects: readonly PlanAspect[];
  /** In the order of {@link planAspects}, then by field. Empty unless `changed`. */
  readonly fields: readonly FieldChange[];
  readonly where?: Where | undefined;
}

/** The code of a policy; `error-codes.ts` says what each stands for. */
export type PolicyCode = Extract<ErrorCode, `PLAN_${string}`>;

/** How serious a policy takes what it finds. */
export const policySeverities = ['error', 'warning', 'info'] as const;

/** One of {@link policySeverities}; an `error` stands in the way of a publish. */
export type PolicySeverity = (typeof policySeverities)[number];

/** What a policy found. */
export interface PlanFinding {
  /** The code of the policy. */
  readonly policy: PolicyCode;
  readonly severity: PolicySeverity;
  /** Whether what is live stops to hold for those who relied on it. */
  readonly breaking: boolean;
  readonly kind: PlanKind;
  readonly id: string;
  readonly message: string;
  /** What to do. */
  readonly hint?: string | undefined;
  readonly where?: Where | undefined;
  /** Why it does not count, and until when, ISO 8601. */
  readonly waived?: { readonly reason: string; readonly until: string } | undefined;
}

/** A policy's finding that the team accepts for a time, as `margay.config.ts` declares it. */
export interface PolicyWaiver {
  readonly policy: PolicyCode;
  /** The id of the item. */
  readonly item: string;
  readonly reason: string;
  /** The day it ends, in UTC: `2026-12-31` is its last. */
  readonly until: string;
  readonly where?: Where | undefined;
}

/** What `margay.config.ts` says of policies. */
export interface PolicySettings {
  readonly severities: Readonly<Partial<Record<PolicyCode, PolicySeverity | 'off'>>>;
  readonly waivers: readonly PolicyWaiver[];
}

/** What the plan compares with. */
export type PlanBase =
  | {
      readonly kind: 'live';
      readonly url: string;
      readonly serial: number;
      readonly digest: string | null;
      readonly commit: string | null;
    }
  | { readonly kind: 'commit'; readonly commit: string; readonly reason: string }
  | { readonly kind: 'nothing'; readonly reason: string };

/** The ATT&CK techniques and tactics that live detections are tagged with. */
export interface CoverageChange {
  readonly before: number;
  readonly after: number;
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

/** The tests of what changes and of what it reaches. */
export interface PlanTests {
  readonly totals: TestTotals;
  readonly failed: readonly { readonly id: string; readonly name: string; readonly where: Where }[];
}

/** What a changed detection finds in history. */
export interface PlanBacktest {
  readonly detectionId: string;
  /** Absent: it could not be tried, see `problem`. */
  readonly figures?:
    | {
        readonly days: number;
        readonly matches: Comparison;
        readonly alerts: Comparison | null;
        readonly notes: readonly string[];
      }
    | undefined;
  /** Why there are no figures, or why they are incomplete. */
  readonly problem?: string | undefined;
}

/** What is live and is other than in the commit from which the work comes. */
export interface PlanDrift {
  readonly commit: string;
  /** By kind, then id. Never empty. */
  readonly items: readonly { readonly kind: PlanKind; readonly id: string }[];
}

/** What publishing the content would do. */
export interface Plan {
  readonly format: 1;
  /** Of what it compares, what differs, and what the policies say. Absent in plans of earlier versions. */
  readonly digest?: string | undefined;
  readonly base: PlanBase;
  readonly bundle: { readonly digest: string; readonly commit: string | null };
  /** By kind, then id. */
  readonly items: readonly PlanItem[];
  readonly unchangedCount: number;
  /** What reads from changed items, and does not change itself. */
  readonly affected: readonly { readonly kind: PlanKind; readonly id: string; readonly because: readonly string[] }[];
  readonly coverage: CoverageChange;
  readonly findings: readonly PlanFinding[];
  /** What the compiler says about the content. */
  readonly problems: readonly Problem[];
  /** `null`: they were not run. */
  readonly tests: PlanTests | null;
  /** By detection. Empty unless it was asked for. */
  readonly backtests: readonly PlanBacktest[];
  /** Absent: there is none, or no runtime or no commit to tell it by. */
  readonly drift?: PlanDrift | undefined;
  /** Whose alerts the runtime does not deliver now. Absent: nobody's, or no runtime to ask. */
  readonly mutes?: readonly PlanMute[] | undefined;
  /** Whether a publish is refused: an error of a policy that is not waived, or a failed test. */
  readonly blocked: boolean;
}

/** A mute, without its key: that is of an event, and plans are read by whoever reads pull requests. */
export interface PlanMute extends Omit<Mute, 'dedup'> {
  readonly isOfOneKey: boolean;
}
