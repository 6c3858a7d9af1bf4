import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { backupBytesHeader } from '../../model/backup.ts';
import type { ApiServices } from './api-services.ts';
import type { PublishRequest } from './channel-services.ts';
import { checkMediaType, jsonMediaTypes, logMediaTypes } from './media-type.ts';
import { type BodyLimits, withBody } from './read-body.ts';
import {
  alertFilter,
  backfillRequest,
  backtestRequest,
  checkRequest,
  deliveryFilter,
  idempotencyKey,
  liftRequest,
  muteRequest,
  parseJsonBody,
  promoteRequest,
  publishRequest,
  queryRequest,
  rebuildRequest,
  replayRequest,
  resumeRequest,
  revokeRequest,
  rollbackRequest,
  runFilter,
  searchRequest,
  sourceName,
  startRunRequest,
  stopBackfillRequest,
  tokenRequest,
  unmuteRequest,
} from './read-request.ts';

import { callerOf, requireCommit } from './request-caller.ts';
import { sendLines } from './send-lines.ts';

/** A method and path, and what answers it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  /** Answers without a token. */
  readonly isOpen?: boolean;
  handle(request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
}

/** Every route of the API. */
export function createRoutes(services: ApiServices, limits: BodyLimits): readonly Route[] {
  const withJson = <T>(request: FastifyRequest, use: (value: unknown) => Promise<T>): Promise<T> => {
    checkMediaType(request.headers['content-type'], jsonMediaTypes);
    return withBody(request.raw, limits, (body) => use(parseJsonBody(body)));
  };
  return [
    { method: 'GET', url: '/healthz', isOpen: true, handle: async () => ({ status: 'ok' }) },
    {
      method: 'GET',
      url: '/metrics',
      handle: async (_request, reply) => {
        reply.type('text/plain; version=0.0.4; charset=utf-8');
        return services.metrics();
      },
    },
    { method: 'GET', url: '/v1/status', handle: () => services.status() },
    { method: 'POST', url: '/v1/logs/:logType', handle: (request, reply) => ingest(services, limits, request, reply) },
    {
      method: 'PUT',
      url: '/v1/bundles',
      handle: (request) => withJson(request, (body) => publish(services, request, checkRequest(publishRequest, body))),
    },
    {
      method: 'POST',
      url: '/v1/rollback',
      handle: (request) =>
        withJson(request, (body) =>
          services.rollback({
            ...checkRequest(rollbackRequest, body),
            ...{ actor: actorOf(request), commit: callerOf(request).commit },
          }),
        ),
    },
    {
      method: 'POST',
      url: '/v1/resume',
      handle: (request) =>
        withJson(request, (body) => services.resume({ ...checkRequest(resumeRequest, body), actor: actorOf(request) })),
    },
    {
      method: 'POST',
      url: '/v1/mutes',
      handle: (request) =>
        withJson(request, (body) => services.mute({ ...checkRequest(muteRequest, body), actor: actorOf(request) })),
    },
    {
      method: 'POST',
      url: '/v1/mutes/lift',
      handle: (request) =>
        withJson(request, (body) => services.unmute({ ...checkRequest(unmuteRequest, body), actor: actorOf(request) })),
    },
    { method: 'GET', url: '/v1/mutes', handle: () => services.mutes() },
    { method: 'GET', url: '/v1/rollouts', handle: () => services.rollouts() },
    {
      method: 'POST',
      url: '/v1/rollouts/promote',
      handle: (request) =>
        withJson(request, (body) =>
          services.promote({ ...checkRequest(promoteRequest, body), actor: actorOf(request) }),
        ),
    },
    { method: 'GET', url: '/v1/history', handle: () => services.history() },
    { method: 'GET', url: '/v1/bundles/live', handle: () => services.live() },
    {
      method: 'GET',
      url: '/v1/bundles/:digest',
      handle: async (request) => services.bundle(parameter(request, 'digest')),
    },
    {
      method: 'GET',
      url: '/v1/alerts',
      handle: async (request) => services.alerts(checkRequest(alertFilter, request.query)),
    },
    { method: 'GET', url: '/v1/alerts/:id', handle: async (request) => services.alert(parameter(request, 'id')) },
    {
      method: 'GET',
      url: '/v1/deliveries',
      handle: async (request) => services.deliveries(checkRequest(deliveryFilter, request.query)),
    },
    {
      method: 'POST',
      url: '/v1/deliveries/replay',
      handle: (request) =>
        withJson(request, (body) => services.replay({ ...checkRequest(replayRequest, body), actor: actorOf(request) })),
    },
    {
      method: 'POST',
      url: '/v1/quarantine/lift',
      handle: (request) =>
        withJson(request, (body) =>
          services.liftQuarantine({ ...checkRequest(liftRequest, body), actor: actorOf(request) }),
        ),
    },
    {
      method: 'POST',
      url: '/v1/query',
      handle: (request, reply) =>
        withJson(request, (body) =>
          services.query({ ...checkRequest(queryRequest, body), signal: disconnectSignal(reply) }),
        ),
    },
    { method: 'POST', url: '/v1/backups', handle: (request, reply) => sendBackup(services, request, reply) },
    {
      method: 'POST',
      url: '/v1/search',
      handle: (request, reply) =>
        withJson(request, (body) => {
          const asked = { ...checkRequest(searchRequest, body), ...callerOf(request) };
          return services.search({ ...asked, signal: disconnectSignal(reply) });
        }),
    },
    {
      method: 'POST',
      url: '/v1/backtests',
      handle: (request, reply) =>
        withJson(request, (body) => {
          const asked = { ...checkRequest(backtestRequest, body), ...callerOf(request) };
          return sendLines(reply, services.backtest({ ...asked, signal: disconnectSignal(reply) }));
        }),
    },
    {
      method: 'POST',
      url: '/v1/backfills',
      handle: (request) =>
        withJson(request, (body) =>
          services.startBackfill({ ...checkRequest(backfillRequest, body), actor: actorOf(request) }),
        ),
    },
    {
      method: 'POST',
      url: '/v1/backfills/stop',
      handle: (request) =>
        withJson(request, (body) =>
          services.stopBackfill({ ...checkRequest(stopBackfillRequest, body), actor: actorOf(request) }),
        ),
    },
    { method: 'GET', url: '/v1/backfills', handle: () => services.backfills() },
    {
      method: 'POST',
      url: '/v1/lake/rebuilds',
      handle: (request, reply) =>
        withJson(request, (body) => {
          const asked = { ...checkRequest(rebuildRequest, body), ...callerOf(request) };
          return sendLines(reply, services.rebuild({ ...asked, signal: disconnectSignal(reply) }));
        }),
    },
    {
      method: 'POST',
      url: '/v1/queries/runs',
      handle: (request) =>
        withJson(request, (body) =>
          services.startRun({ ...checkRequest(startRunRequest, body), actor: actorOf(request) }),
        ),
    },
    {
      method: 'GET',
      url: '/v1/queries/runs',
      handle: async (request) => services.runs(checkRequest(runFilter, request.query).query),
    },
    { method: 'GET', url: '/v1/tokens', handle: () => services.tokens() },
    {
      method: 'POST',
      url: '/v1/tokens',
      handle: (request) =>
        withJson(request, (body) =>
          services.createToken({ ...checkRequest(tokenRequest, body), actor: actorOf(request) }),
        ),
    },
    {
      method: 'POST',
      url: '/v1/tokens/revoke',
      handle: (request) =>
        withJson(request, (body) =>
          services.revokeToken({ ...checkRequest(revokeRequest, body), actor: actorOf(request) }),
        ),
    },
  ];
}

async function publish(services: ApiServices, request: FastifyRequest, asked: PublishRequest): Promise<unknown> {
  requireCommit(callerOf(request), asked.envelope.commit);
  return services.publish({ ...asked, actor: actorOf(request) });
}

/** 202: the batch is durable. 200: it was so already. */
async function ingest(
  services: ApiServices,
  limits: BodyLimits,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  checkMediaType(request.headers['content-type'], logMediaTypes);
  const key = idempotencyKey(request.headers);
  const source = sourceName(request.headers);
  const logType = parameter(request, 'logType');
  const answer = await withBody(request.raw, limits, (body) => services.ingest({ logType, key, source, body }));
  reply.code(answer.duplicate ? 200 : 202).header('idempotency-key', key);
  return answer;
}

/** A tar archive. What fails amid it ends the connection, and the archive has no manifest then. */
async function sendBackup(services: ApiServices, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { totalBytes, chunks } = await services.backup({ ...callerOf(request), signal: disconnectSignal(reply) });
  reply.type('application/x-tar').header(backupBytesHeader, String(totalBytes));
  return reply.send(Readable.from(chunks, { objectMode: false }));
}

/** Aborts when the caller hangs up before it has its answer. */
function disconnectSignal(reply: FastifyReply): AbortSignal {
  const aborter = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) aborter.abort();
  });
  return aborter.signal;
}

function actorOf(request: FastifyRequest): string {
  return callerOf(request).actor;
}

function parameter(request: FastifyRequest, name: string): string {
  return (request.params as Readonly<Record<string, string>>)[name] ?? '';
}
