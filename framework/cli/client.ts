import { gzipSync } from 'node:zlib';
import type { AccessToken, CreatedToken, TokenList, TokenRequest } from '../model/access-token.ts';
import type { Backfill } from '../model/backfill.ts';
import type { BacktestLine, BacktestReport } from '../model/backtest.ts';
import { backupBytesHeader } from '../model/backup.ts';
import type { BundleEnvelope } from '../model/bundle.ts';
import type { DeliveryFilter, DeliveryList } from '../model/delivery.ts';
import type { QueryResult } from '../model/lake.ts';
import { MargayError } from '../model/margay-error.ts';
import type { Mute } from '../model/mute.ts';
import type { QueryRun } from '../model/query-run.ts';
import type { RebuildLine, RebuildReport, RebuildRequest } from '../model/rebuild.ts';
import type { SearchResult } from '../model/search.ts';
import type {
  AlertDetail,
  AlertFilter,
  AlertList,
  BackfillList,
  BackfillRequest,
  BacktestRequest,
  BackupStream,
  History,
  IngestResponse,
  LiftResponse,
  LiveBundle,
  MuteList,
  MuteRequest,
  PromoteRequest,
  PublishRequest,
  PublishResponse,
  ReplayRequest,
  ReplayResponse,
  RollbackRequest,
  RolloutList,
  RolloutReport,
  RunList,
  SearchRequest,
  StatusReport,
} from '../runtime/api/index.ts';
import { answerError, foreignAnswerError, unreachableError } from './answer-error.ts';
import { readLines } from './read-lines.ts';

/** A runtime's API, as functions. Every refusal is a MargayError with the runtime's own code and hint. */
export interface RuntimeClient {
  readonly url: string;
  ingest(batch: {
    readonly logType: string;
    readonly key: string;
    readonly source: string;
    readonly body: Uint8Array;
  }): Promise<IngestResponse>;
  publish(envelope: BundleEnvelope, expectedSerial: number, allowances?: Allowances): Promise<PublishResponse>;
  rollback(request: RollbackRequest): Promise<PublishResponse>;
  resume(): Promise<LiveBundle>;
  history(): Promise<History>;
  mute(request: MuteRequest): Promise<Mute>;
  unmute(request: Pick<MuteRequest, 'ruleId' | 'dedup'>): Promise<Mute>;
  mutes(): Promise<MuteList>;
  rollouts(): Promise<RolloutList>;
  promote(request: PromoteRequest): Promise<RolloutReport>;
  live(): Promise<LiveBundle>;
  /** A bundle that is or was live. */
  bundle(digest: string): Promise<BundleEnvelope>;
  alerts(filter: AlertFilter): Promise<AlertList>;
  alert(alertId: string): Promise<AlertDetail>;
  deliveries(filter: DeliveryFilter): Promise<DeliveryList>;
  replay(request: ReplayRequest): Promise<ReplayResponse>;
  liftQuarantine(ruleId: string): Promise<LiftResponse>;
  query(sql: string, maxRows: number): Promise<QueryResult>;
  search(request: SearchAsk): Promise<SearchResult>;
  startRun(query: string, scheduledAt: string | undefined): Promise<QueryRun>;
  /** @param onLine - Hears of each line before the report. */
  backtest(request: BacktestAsk, onLine: (line: BacktestLine) => void): Promise<BacktestReport>;
  /** @param onLine - Hears of each line before the report. */
  rebuild(
    request: RebuildRequest,
    onLine: (line: Extract<RebuildLine, { readonly kind: 'progress' }>) => void,
  ): Promise<RebuildReport>;
  startBackfill(request: BackfillRequest): Promise<Backfill>;
  stopBackfill(backfillId: string): Promise<Backfill>;
  backfills(): Promise<BackfillList>;
  runs(query: string): Promise<RunList>;
  /** A tar archive as it comes. */
  backup(): Promise<BackupStream>;
  status(): Promise<StatusReport>;
  createToken(request: TokenRequest): Promise<CreatedToken>;
  tokens(): Promise<TokenList>;
  revokeToken(name: string): Promise<AccessToken>;
}

/** What a publish may do besides. */
export type Allowances = Omit<PublishRequest, 'envelope' | 'expectedSerial'>;

/** What is asked for; the rest is as the runtime says. */
export type BacktestAsk = Pick<BacktestRequest, 'envelope' | 'detectionId'> & Partial<BacktestRequest>;

/** The same of a search. */
export type SearchAsk = Pick<SearchRequest, 'indicator'> & Partial<SearchRequest>;

/** Where a runtime is, and how to reach it. */
export interface ConnectOptions {
  readonly url: string;
  /** The token, or what gives another one for each request. */
  readonly token?: string | (() => Promise<string>) | undefined;
  /** Aborts what is under way. */
  readonly signal?: AbortSignal | undefined;
}

interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** Bundles with the tests of thousands of detections are large, and much the same throughout. */
const minGzipBytes = 256 * 1024;

/** A client. Nothing is sent before the first call. */
export function connect({ url, token, signal }: ConnectOptions): RuntimeClient {
  const base = url.replace(/\/+$/, '');
  const authorize = async (): Promise<Record<string, string>> => {
    const text = typeof token === 'function' ? await token() : token;
    return text ? { authorization: `Bearer ${text}` } : {};
  };

  const lost = (cause: unknown): never => {
    throw unreachableError(base, cause);
  };
  const open = async (path: string, { method = 'GET', headers = {}, body }: Call = {}): Promise<Response> => {
    const request: RequestInit = {
      method,
      headers: { accept: 'application/json', ...(await authorize()), ...headers },
      redirect: 'manual',
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    };
    const response = await fetch(`${base}${path}`, request).catch(lost);
    if (!response.ok) throw await answerError(base, response);
    return response;
  };
  const call = async <T>(path: string, request?: Call): Promise<T> => {
    const response = await open(path, request);
    return parseAnswer(base, await response.text().catch(lost)) as T;
  };
  const json = (method: 'POST' | 'PUT', value: unknown): Call => {
    const body = Buffer.from(JSON.stringify(value));
    const headers = { 'content-type': 'application/json' };
    if (body.length < minGzipBytes) return { method, headers, body };
    return { method, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body, { level: 1 }) };
  };

  const reportOf = async <Line extends { readonly kind: string }, Report>(
    response: Response,
    onLine: (line: Exclude<Line, { readonly kind: 'report' }>) => void,
  ): Promise<Report> => {
    try {
      for await (const value of readLines(response)) {
        const line = value as Line;
        if (line.kind === 'report') return (line as unknown as { readonly report: Report }).report;
        onLine(line as Exclude<Line, { readonly kind: 'report' }>);
      }
    } catch (error) {
      if (error instanceof MargayError) throw error;
      return error instanceof SyntaxError ? refuse(base, error) : lost(error);
    }
    return refuse(base, undefined);
  };

  return {
    url: base,
    ingest: ({ logType, key, source, body }) =>
      call(`/v1/logs/${encodeURIComponent(logType)}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-ndjson',
          'idempotency-key': key,
          ...(source && { 'x-margay-source': encodeURIComponent(source) }),
        },
        body: new Uint8Array(body),
      }),
    publish: (envelope, expectedSerial, allowances) =>
      call('/v1/bundles', json('PUT', { envelope, expectedSerial, ...allowances })),
    rollback: (request) => call('/v1/rollback', json('POST', request)),
    resume: () => call('/v1/resume', json('POST', {})),
    history: () => call('/v1/history'),
    mute: (request) => call('/v1/mutes', json('POST', request)),
    unmute: (request) => call('/v1/mutes/lift', json('POST', request)),
    mutes: () => call('/v1/mutes'),
    rollouts: () => call('/v1/rollouts'),
    promote: (request) => call('/v1/rollouts/promote', json('POST', request)),
    live: () => call('/v1/bundles/live'),
    bundle: (digest) => call(`/v1/bundles/${encodeURIComponent(digest)}`),
    alerts: (filter) => call(`/v1/alerts?${new URLSearchParams(definedTexts(filter))}`),
    alert: (alertId) => call(`/v1/alerts/${encodeURIComponent(alertId)}`),
    deliveries: (filter) => call(`/v1/deliveries?${new URLSearchParams(definedTexts(filter))}`),
    replay: (request) => call('/v1/deliveries/replay', json('POST', request)),
    liftQuarantine: (ruleId) => call('/v1/quarantine/lift', json('POST', { ruleId })),
    query: (sql, maxRows) => call('/v1/query', json('POST', { sql, maxRows })),
    runs: (query) => call(`/v1/queries/runs?query=${encodeURIComponent(query)}`),
    search: (request) => call('/v1/search', json('POST', request)),
    startRun: (query, scheduledAt) => call('/v1/queries/runs', json('POST', { query, scheduledAt })),
    backtest: async (request, onLine) =>
      reportOf<BacktestLine, BacktestReport>(await open('/v1/backtests', json('POST', request)), onLine),
    rebuild: async (request, onLine) =>
      reportOf<RebuildLine, RebuildReport>(await open('/v1/lake/rebuilds', json('POST', request)), onLine),
    startBackfill: (request) => call('/v1/backfills', json('POST', request)),
    stopBackfill: (backfillId) => call('/v1/backfills/stop', json('POST', { backfillId })),
    backfills: () => call('/v1/backfills'),
    backup: async () => {
      const response = await open('/v1/backups', { method: 'POST' });
      const totalBytes = Number(response.headers.get(backupBytesHeader) ?? 0);
      return { totalBytes, chunks: chunksOf(base, response) };
    },
    status: () => call('/v1/status'),
    createToken: (request) => call('/v1/tokens', json('POST', request)),
    tokens: () => call('/v1/tokens'),
    revokeToken: (name) => call('/v1/tokens/revoke', json('POST', { name })),
  };
}

async function* chunksOf(base: string, { body }: Response): AsyncGenerator<Uint8Array, void, void> {
  try {
    if (body) yield* body as unknown as AsyncIterable<Uint8Array>;
  } catch (error) {
    refuse(base, error);
  }
}

function refuse(base: string, cause: unknown): never {
  throw foreignAnswerError(`${base} ended its answer before it was complete.`, cause);
}

function parseAnswer(base: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw foreignAnswerError(`${base} does not answer with JSON, as a Margay runtime would.`, cause);
  }
}

function definedTexts(values: object): Record<string, string> {
  const defined = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined.map(([name, value]) => [name, String(value)]));
}
