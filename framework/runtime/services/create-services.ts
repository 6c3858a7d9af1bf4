import type { ApiServices } from '../api/index.ts';
import { listAlerts, showAlert } from './alert-services.ts';
import { backtest } from './backtest-service.ts';
import { backup } from './backup/backup-service.ts';
import { ingest } from './ingest-service.ts';
import { listMutes, mute, unmute } from './mute-service.ts';
import { describeLive, findBundle, listHistory, publish, resume, rollback } from './publish-service.ts';
import { listRuns, runSql, startRun } from './query-services.ts';
import { rebuild } from './rebuild-service.ts';
import { liftQuarantine, replay } from './repair-services.ts';
import { reportMetrics, reportStatus } from './report-services.ts';
import { listRollouts, promote } from './rollout-service.ts';
import type { RuntimeParts } from './runtime-parts.ts';
import { search } from './search/search-service.ts';

/** What the API offers, done by the running parts. */
export function createServices(parts: RuntimeParts): ApiServices {
  return {
    ingest: (batch) => ingest(parts, batch),
    publish: (request) => publish(parts, request),
    rollback: (order) => rollback(parts, order),
    resume: (caller) => resume(parts, caller),
    history: () => listHistory(parts),
    live: () => describeLive(parts),
    bundle: (digest) => findBundle(parts, digest),
    alerts: (filter) => listAlerts(parts, filter),
    alert: (alertId) => showAlert(parts, alertId),
    deliveries: (filter) => parts.delivery.list(filter),
    replay: (request) => replay(parts, request),
    liftQuarantine: (request) => liftQuarantine(parts, request),
    mute: (request) => mute(parts, request),
    unmute: (request) => unmute(parts, request),
    mutes: () => listMutes(parts),
    rollouts: () => listRollouts(parts),
    promote: (request) => promote(parts, request),
    query: (request) => runSql(parts, request),
    backup: (request) => backup(parts, request),
    search: (request) => search(parts, request),
    backtest: (request) => backtest(parts, request),
    startBackfill: (request) => parts.backfills.start(request),
    stopBackfill: (request) => parts.backfills.stop(request),
    backfills: async () => ({ backfills: await parts.backfills.list() }),
    rebuild: (request) => rebuild(parts, request),
    startRun: (request) => startRun(parts, request),
    runs: (queryId) => listRuns(parts, queryId),
    createToken: (request) => parts.tokens.create(request),
    tokens: async () => ({ tokens: parts.tokens.list() }),
    revokeToken: (request) => parts.tokens.revoke(request),
    status: () => reportStatus(parts),
    metrics: () => reportMetrics(parts),
  };
}
