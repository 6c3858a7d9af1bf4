import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { TokenRequest } from '../../model/access-token.ts';
import type { DeliveryFilter } from '../../model/delivery.ts';
import { type IndicatorKind, indicatorFields } from '../../model/indicators.ts';
import { levels } from '../../model/level.ts';
import { MargayError, type Problem } from '../../model/margay-error.ts';
import { parseMoment } from '../../model/moment.ts';
import { maxMuteMs } from '../../model/mute.ts';
import type { RebuildRequest } from '../../model/rebuild.ts';
import type { AlertFilter, LiftRequest, QueryRequest, ReplayRequest, StartRunRequest } from './api-services.ts';
import type { MuteRequest, PublishRequest, RollbackRequest } from './channel-services.ts';
import type { BackfillRequest, BacktestRequest, StopBackfillRequest } from './history-services.ts';
import type { PromoteRequest } from './rollout-services.ts';
import type { SearchRequest } from './search-services.ts';

const levelFilters = levels.flatMap((level) => [level, `${level}+`] as const);

/** `GET /v1/alerts` */
export const alertFilter: z.ZodType<AlertFilter> = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1_000).default(50),
  level: z.enum(levelFilters).optional(),
  ruleId: z.string().min(1).optional(),
  status: z.enum(['open', 'resolved', 'closed']).optional(),
  stage: z.enum(['live', 'shadow']).optional(),
});

/** `GET /v1/deliveries` */
export const deliveryFilter: z.ZodType<DeliveryFilter> = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1_000).default(50),
  status: z.enum(['pending', 'delivered', 'failed']).optional(),
});

/** `POST /v1/deliveries/replay` */
export const replayRequest: z.ZodType<ReplayRequest> = z.union(
  [z.strictObject({ key: z.string().min(1) }), z.strictObject({ all: z.literal(true) })],
  { error: 'Expected {"key": "…"} or {"all": true}' },
);

/** `POST /v1/quarantine/lift` */
export const liftRequest: z.ZodType<LiftRequest> = z.strictObject({ ruleId: z.string().min(1) });

const bundleEnvelope = z.strictObject({
  digest: z.string(),
  content: z.string(),
  commit: z.string().max(200).optional(),
  signature: z.strictObject({ key: z.string().max(100), value: z.string().max(100) }).optional(),
});

/** `PUT /v1/bundles` */
export const publishRequest: z.ZodType<PublishRequest> = z.strictObject({
  envelope: bundleEnvelope,
  expectedSerial: z.number().int().min(0),
  allowRemovals: z.number().int().min(0).optional(),
  allowMissingSecrets: z.boolean().optional(),
  revive: z.array(z.string().min(1)).optional(),
  plan: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .optional(),
});

/** `POST /v1/rollback` */
export const rollbackRequest: z.ZodType<RollbackRequest> = z.strictObject({
  to: z.string().min(1).optional(),
  reason: z.string().trim().min(1).max(1_000),
});

const muted = { ruleId: z.string().min(1), dedup: z.string().optional() };

/** `POST /v1/mutes` */
export const muteRequest: z.ZodType<MuteRequest> = z.strictObject({
  ...muted,
  forMs: z.number().int().min(1).max(maxMuteMs),
  reason: z.string().trim().min(1).max(1_000),
});

/** `POST /v1/mutes/lift` */
export const unmuteRequest: z.ZodType<Pick<MuteRequest, 'ruleId' | 'dedup'>> = z.strictObject(muted);

/** `POST /v1/rollouts/promote` */
export const promoteRequest: z.ZodType<PromoteRequest> = z.strictObject({ ruleId: z.string().min(1) });

/** `POST /v1/resume` */
export const resumeRequest = z.strictObject({});

/** `POST /v1/query` */
export const queryRequest: z.ZodType<QueryRequest> = z.strictObject({
  sql: z.string().min(1).max(100_000),
  maxRows: z.number().int().min(1).max(100_000).default(1_000),
});

/** `POST /v1/backtests` */
export const backtestRequest: z.ZodType<BacktestRequest> = z.strictObject({
  envelope: bundleEnvelope,
  detectionId: z.string().min(1).max(1_000),
  days: z.number().int().min(1).max(400).default(30),
  until: z.iso.datetime({ offset: true }).optional(),
  against: z.enum(['live', 'none']).default('live'),
  values: z.boolean().default(false),
  samples: z.boolean().default(false),
});

/** `POST /v1/backfills` */
export const backfillRequest: z.ZodType<BackfillRequest> = z.strictObject({
  detectionId: z.string().min(1).max(1_000),
  days: z.number().int().min(1).max(400).default(30),
  until: z.iso.datetime({ offset: true }).optional(),
  dryRun: z.boolean().default(false),
});

/** `POST /v1/backfills/stop` */
export const stopBackfillRequest: z.ZodType<StopBackfillRequest> = z.strictObject({ backfillId: z.string().min(1) });

/** `POST /v1/tokens` */
export const tokenRequest: z.ZodType<TokenRequest> = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, { error: 'Expected small letters, digits, . _ and -, at most 63' }),
  scopes: z
    .array(z.enum(['ingest', 'read', 'publish', 'admin']))
    .min(1)
    .max(4),
  lifetimeMs: z
    .number()
    .int()
    .min(1)
    .max(3_650 * 86_400_000)
    .optional(),
});

/** `POST /v1/tokens/revoke` */
export const revokeRequest: z.ZodType<{ readonly name: string }> = z.strictObject({ name: z.string().min(1).max(63) });

const moment = z
  .string()
  .max(100)
  .refine((text) => parseMoment(text, 0) !== undefined, {
    error: "expected a duration such as '24h', or an ISO 8601 time",
  });

/** `POST /v1/search` */
export const searchRequest: z.ZodType<SearchRequest> = z.strictObject({
  indicator: z.string().min(1).max(10_000),
  type: z.enum([...(Object.keys(indicatorFields) as IndicatorKind[]), 'hash']).optional(),
  since: moment.default('24h'),
  until: moment.optional(),
  logTypes: z.array(z.string().min(1).max(1_000)).min(1).max(1_000).optional(),
  limit: z.number().int().min(1).max(1_000).default(50),
});

/** `POST /v1/lake/rebuilds` */
export const rebuildRequest: z.ZodType<RebuildRequest> = z
  .strictObject({ logType: z.string().min(1).max(1_000), from: z.iso.date(), to: z.iso.date().optional() })
  .refine(({ from, to }) => to === undefined || from <= to, { path: ['to'], message: "Must not be before 'from'" });

/** `POST /v1/queries/runs` */
export const startRunRequest: z.ZodType<StartRunRequest> = z.strictObject({
  query: z.string().min(1),
  scheduledAt: z.iso.datetime({ offset: true }).optional(),
});

/** `GET /v1/queries/runs` */
export const runFilter = z.strictObject({ query: z.string().min(1).optional() });

/**
 * Checks what a caller sent against its shape.
 *
 * @throws API_REQUEST_INVALID with every problem.
 */
export function checkRequest<T>(shape: z.ZodType<T>, value: unknown): T {
  const checked = shape.safeParse(value);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map((issue): Problem => {
    const where = issue.path.length > 0 ? `'${issue.path.join('.')}': ` : '';
    return { code: 'API_REQUEST_INVALID', message: `${where}${issue.message}.`, severity: 'error' };
  });
  const message = problems.map((problem) => problem.message).join(' ');
  throw new MargayError('API_REQUEST_INVALID', `The request is not of the expected shape. ${message}`, { problems });
}

/**
 * A JSON body.
 *
 * @throws API_REQUEST_INVALID
 */
export function parseJsonBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new MargayError('API_REQUEST_INVALID', `The body is not JSON: ${(cause as Error).message}.`, { cause });
  }
}

/**
 * The idempotency key of a batch. Without one the batch gets a key of its own, which the response names: two equal
 * bodies may well be two batches.
 *
 * @throws API_REQUEST_INVALID
 */
export function idempotencyKey(headers: IncomingHttpHeaders): string {
  const key = headers['idempotency-key'];
  if (key === undefined) return randomUUID();
  if (typeof key === 'string' && /^[\x21-\x7e]{1,256}$/.test(key)) return key;
  throw new MargayError('API_REQUEST_INVALID', 'The Idempotency-Key is no text of 1 to 256 ASCII characters.', {
    hint: 'Send the same key with the same content, such as a hash of file and offset, and no blanks.',
  });
}

/**
 * The name of the sender: the `X-Margay-Source` header, percent-encoded; `''` without.
 *
 * @throws API_REQUEST_INVALID
 */
export function sourceName(headers: IncomingHttpHeaders): string {
  const header = headers['x-margay-source'];
  try {
    const source = decodeURIComponent(typeof header === 'string' ? header : '');
    if (source.length <= 256) return source;
  } catch {
    // Not percent-encoded: refused like one that is too long.
  }
  throw new MargayError('API_REQUEST_INVALID', 'X-Margay-Source is no percent-encoded text of up to 256 characters.');
}
