import type { Scope } from '../../model/caller.ts';

/**
 * Which scopes open a route; one of them is enough, and `admin` includes all. What is not here takes `admin`.
 * Whoever publishes must see what is live, what it would do, and how it does, but no events.
 */
export const routeScopes: Readonly<Record<string, readonly Scope[]>> = {
  'GET /metrics': ['read'],
  'GET /v1/status': ['read', 'publish'],
  'POST /v1/logs/:logType': ['ingest'],
  'PUT /v1/bundles': ['publish'],
  'POST /v1/rollback': ['publish'],
  'POST /v1/resume': ['admin'],
  'POST /v1/mutes': ['admin'],
  'POST /v1/mutes/lift': ['admin'],
  'GET /v1/mutes': ['read', 'publish'],
  'GET /v1/rollouts': ['read', 'publish'],
  // Whoever publishes may publish without `rollout` just as well.
  'POST /v1/rollouts/promote': ['publish'],
  'GET /v1/history': ['read', 'publish'],
  'GET /v1/bundles/live': ['read', 'publish'],
  'GET /v1/bundles/:digest': ['read', 'publish'],
  'GET /v1/alerts': ['read'],
  'GET /v1/alerts/:id': ['read'],
  'GET /v1/deliveries': ['read'],
  'POST /v1/deliveries/replay': ['admin'],
  'POST /v1/quarantine/lift': ['admin'],
  'POST /v1/query': ['read'],
  'POST /v1/search': ['read'],
  'POST /v1/backups': ['admin'],
  'POST /v1/backtests': ['read', 'publish'],
  'POST /v1/backfills': ['admin'],
  'POST /v1/backfills/stop': ['admin'],
  'GET /v1/backfills': ['read'],
  'POST /v1/lake/rebuilds': ['admin'],
  'POST /v1/queries/runs': ['admin'],
  'GET /v1/queries/runs': ['read'],
  'POST /v1/tokens': ['admin'],
  'GET /v1/tokens': ['admin'],
  'POST /v1/tokens/revoke': ['admin'],
};
