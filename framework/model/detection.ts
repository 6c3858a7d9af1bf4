import type { Condition } from './condition.ts';
import type { ContentTest } from './content-test.ts';
import type { Level } from './level.ts';
import type { Where } from './margay-error.ts';
import type { RolloutRule } from './rollout.ts';

/** Whether a detection runs, runs silently, or not at all. */
export type Mode = 'live' | 'shadow' | 'off';

/** The functions that a TypeScript detection may define. */
export const detectionFunctions = [
  'rule',
  'title',
  'dedup',
  'level',
  'description',
  'references',
  'runbook',
  'destinations',
  'context',
  'unique',
] as const;

/** The name of a detection function. */
export type DetectionFunction = (typeof detectionFunctions)[number];

/** The SQL type of a context column. */
export type ContextType = 'string' | 'bigint' | 'double' | 'boolean' | 'timestamp' | 'json';

/** A column of `p_alert_context`. */
export interface ContextColumn {
  /** The path it is read from. Absent when the TypeScript `context` function gives it. */
  readonly from?: string | undefined;
  readonly type: ContextType;
}

/** What a detection reads. */
export type DetectionSource =
  | { readonly kind: 'events'; readonly logTypes: readonly string[] }
  | { readonly kind: 'query'; readonly query: string };

/** A compiled detection, as a bundle holds it. */
export interface Detection {
  /** The path below `detections/` without the ending: `okta/mfa-bypass-group-member-added`. */
  readonly id: string;
  /** The oldest alias, else the id: what match and alert ids are made of, so that history follows a rename. */
  readonly firstId: string;
  readonly aliases: readonly string[];
  readonly title: string;
  readonly description: string;
  readonly level: Level;
  readonly status?: string | undefined;
  /** The UUID of the Sigma rule, when it has one. */
  readonly sigmaId?: string | undefined;
  readonly mode: Mode;
  /** Of a live detection: how a new version of its logic proves itself. Absent: it alerts at once. */
  readonly rollout?: RolloutRule | undefined;
  readonly tags: readonly string[];
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
  readonly owners: readonly string[];
  readonly runbook: string;
  readonly source: DetectionSource;
  /** The YAML's `detection:`. Absent when TypeScript alone decides, or (scheduled) when every row matches. */
  readonly condition?: Condition | undefined;
  /** The functions that its TypeScript file defines. */
  readonly functions: readonly DetectionFunction[];
  /** What the bundle's code has its functions under; a runtime gives it to one of two versions. @defaultValue the id */
  readonly codeKey?: string | undefined;
  /** The top-level fields of the event that these read, where the compiler can tell. Absent: any. */
  readonly reads?: readonly string[] | undefined;
  /** A template; see `template.ts`. Absent: the title. */
  readonly alertTitle?: string | undefined;
  readonly dedup: { readonly by: readonly string[]; readonly periodMs: number };
  /** Matches (or distinct values of `unique`) needed in the window before the alert is created. At least 1. */
  readonly threshold: number;
  readonly unique?: string | undefined;
  readonly context: Readonly<Record<string, ContextColumn>>;
  /** `false`: matches are recorded, no alert is made. */
  readonly alert: boolean;
  /** `[]`: the alert is recorded and delivered nowhere. Absent: routing by level. */
  readonly destinations?: readonly string[] | undefined;
  /** Scheduled detections: columns whose increase notifies again while firing. */
  readonly renotify: readonly string[];
  readonly tests: readonly ContentTest[];
  /** Digest of what decides matches: condition, imported code, source. The `p_rule_version` column. */
  readonly version: string;
  readonly where: Where;
}
