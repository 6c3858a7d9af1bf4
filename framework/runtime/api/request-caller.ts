import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../model/caller.ts';
import { MargayError } from '../../model/margay-error.ts';

const callers = new WeakMap<FastifyRequest, Caller>();

/** Notes who makes a request, once that is proven. */
export function setCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request, caller);
}

/** Who makes a request. Without anybody noted it is one who may nothing. */
export function callerOf(request: FastifyRequest): Caller {
  return callers.get(request) ?? { actor: `api ${request.ip}`, scopes: [] };
}

/** Refuses a bundle of another commit than the caller may publish. @throws API_COMMIT_REFUSED */
export function requireCommit({ commit }: Caller, found: string | undefined): void {
  if (commit === undefined || commit === found) return;
  throw new MargayError(
    'API_COMMIT_REFUSED',
    `The bundle is of commit ${found ?? 'unknown'}, and the caller may publish ${commit} alone.`,
    { hint: 'Publish from a clean checkout of the commit that the workflow runs for.' },
  );
}
