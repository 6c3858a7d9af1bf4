import { z } from 'zod';
import { levels } from '../../model/level.ts';
import { contentId, duration, fieldPath, template, text, textList } from './scalars.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const contextTypes = ['string', 'bigint', 'double', 'boolean', 'timestamp', 'json'] as const;

/**
 * The keys of a Sigma rule, with Sigma's meaning.
 *
 * @source Sigma specification 2.1.0, "Rule"; `regression_tests_path` and `simulation` as in SigmaHQ.
 */
const sigmaKeys = {
  title: text,
  id: z.string().regex(uuid, 'a UUID, as Sigma has it (our own id is always the path of the file)').optional(),
  name: text.optional(),
  status: z.enum(['stable', 'test', 'experimental', 'deprecated', 'unsupported']).optional(),
  description: text.optional(),
  license: text.optional(),
  references: textList.optional(),
  author: text.optional(),
  date: text.optional(),
  modified: text.optional(),
  related: z.array(z.strictObject({ id: text, type: text })).optional(),
  tags: z
    .array(
      z.string().regex(/^[a-z0-9_-]+\.[a-z0-9._-]+$/, "a lower-case namespace and name, such as 'attack.t1556.006'"),
    )
    .optional(),
  logsource: z
    .strictObject({
      product: text.optional(),
      category: text.optional(),
      service: text.optional(),
      definition: z.string().optional(),
    })
    .optional(),
  taxonomy: text.optional(),
  detection: z.record(z.string(), z.unknown()).optional(),
  fields: textList.optional(),
  falsepositives: textList.optional(),
  level: z.enum(levels).optional(),
  scope: textList.optional(),
  regression_tests_path: text.optional(),
  simulation: z.unknown().optional(),
};

/** `detections/**\/*.yml`: a superset of a Sigma rule. Tests have their own schemas. */
export const detectionSchema = z.strictObject({
  ...sigmaKeys,
  /** What it reads, when `logsource` does not say. */
  logTypes: z.array(text).min(1).optional(),
  /** The scheduled query whose rows it reads. */
  query: text.optional(),
  mode: z.enum(['live', 'shadow', 'off']).default('live'),
  /** A new version of the logic runs in the shadow first, beside the one that alerts. */
  rollout: z.strictObject({ shadow: duration, maxAlertsPerDay: z.number().int().min(0).optional() }).optional(),
  alertTitle: template.optional(),
  dedup: z.strictObject({ by: z.array(fieldPath).min(1).optional(), period: duration.optional() }).optional(),
  /** Matches, or distinct values of `unique`, needed in the window before the alert is created. */
  threshold: z.number().int().min(1).optional(),
  unique: fieldPath.optional(),
  context: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a name of letters, digits and '_'"),
      z.strictObject({ from: fieldPath.optional(), type: z.enum(contextTypes).default('string') }),
    )
    .default({}),
  /** `false`: matches are recorded, no alert is made. */
  alert: z.boolean().default(true),
  /** `[]`: the alert is recorded and delivered nowhere. Absent: routing by level. */
  destinations: z.array(text).optional(),
  /** Columns whose increase notifies again while the alert lasts. */
  renotify: z.array(fieldPath).default([]),
  owners: textList.default([]),
  runbook: text.optional(),
  /** Earlier ids, oldest first. */
  aliases: z.array(contentId).default([]),
  tests: z.array(z.unknown()).default([]),
});

/** Stand-ins for required keys, so that the rest of a flawed file is checked too. No bundle ever holds them. */
export const detectionStandIns = { title: 'Untitled' };

/** What a detection's YAML file says. */
export type DetectionContent = z.infer<typeof detectionSchema>;
