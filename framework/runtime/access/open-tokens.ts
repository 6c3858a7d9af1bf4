import { timingSafeEqual } from 'node:crypto';
import type { AccessToken, CreatedToken, TokenRequest } from '../../model/access-token.ts';
import { auditRow } from '../../model/audit-row.ts';
import { type Caller, expandScopes } from '../../model/caller.ts';
import type { Clock } from '../../model/clock.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { State } from '../../model/state.ts';
import { drawToken, hashOfToken, idOfToken } from './token-text.ts';

/** What State keeps of a token, in space `token` under its id. */
interface StoredToken extends AccessToken {
  readonly hash: string;
}

/** The tokens of a runtime. */
export interface Tokens {
  /** Whose token it is, and what it may; `undefined` when it is none, has expired or was revoked. */
  identify(text: string): Promise<Caller | undefined>;
  /** @throws ACCESS_TOKEN_NAME_TAKEN */
  create(request: TokenRequest & Pick<Caller, 'actor'>): Promise<CreatedToken>;
  /** By name. */
  list(): readonly AccessToken[];
  /** From then on it is refused. @throws ACCESS_TOKEN_UNKNOWN */
  revoke(request: { readonly name: string } & Pick<Caller, 'actor'>): Promise<AccessToken>;
}

/** The last use is noted to the hour: a write for each request would be one too many. */
const hourMs = 3_600_000;

/** Opens the tokens in a state. They are held in memory, because every request asks for one. */
export async function openTokens(state: State, clock: Clock): Promise<Tokens> {
  const entries = await state.list<StoredToken>('token');
  const held = new Map(entries.map(({ key, value }) => [key, value]));
  const named = (name: string): StoredToken | undefined => [...held.values()].find((token) => token.name === name);

  const noteUse = async (token: StoredToken): Promise<void> => {
    const lastUsedAtMs = clock.now() - (clock.now() % hourMs);
    if (token.lastUsedAtMs === lastUsedAtMs) return;
    const used = { ...token, lastUsedAtMs };
    held.set(token.id, used);
    await state.commit({ put: [{ space: 'token', key: token.id, value: used }] });
  };

  return {
    identify: async (text) => {
      const token = held.get(idOfToken(text) ?? '');
      if (!token || !isSameHash(token.hash, hashOfToken(text))) return undefined;
      if (token.expiresAtMs !== null && token.expiresAtMs <= clock.now()) return undefined;
      await noteUse(token);
      return { actor: `token ${token.name}`, scopes: expandScopes(token.scopes) };
    },
    create: async ({ name, scopes, lifetimeMs, actor }) => {
      if (named(name)) throw nameTaken(name);
      const { id, text } = drawToken();
      const createdAtMs = clock.now();
      const expiresAtMs = lifetimeMs === undefined ? null : createdAtMs + lifetimeMs;
      const token = { id, name, scopes, createdBy: actor, createdAtMs, expiresAtMs, lastUsedAtMs: null };
      const stored = { ...token, hash: hashOfToken(text) };
      const detail = { id, name, scopes, expiresAt: expiresAtMs && new Date(expiresAtMs).toISOString() };
      // Before the commit, so that a second one of the name is refused meanwhile.
      held.set(id, stored);
      try {
        await state.commit({
          put: [{ space: 'token', key: id, value: stored }],
          rows: [{ table: 'audit', rows: [auditRow({ action: 'token_create', actor, detail, atMs: createdAtMs })] }],
        });
      } catch (error) {
        held.delete(id);
        throw error;
      }
      return { ...token, token: text };
    },
    list: () => [...held.values()].map(withoutHash).sort((a, b) => (a.name < b.name ? -1 : 1)),
    revoke: async ({ name, actor }) => {
      const token = named(name);
      if (!token) {
        throw new MargayError('ACCESS_TOKEN_UNKNOWN', `There is no token '${name}'.`, {
          hint: "'margay token list' lists those that are there.",
        });
      }
      const { id } = token;
      held.delete(id);
      const entry = { action: 'token_revoke', actor, detail: { id, name }, atMs: clock.now() };
      await state.commit({
        remove: [{ space: 'token', key: id }],
        rows: [{ table: 'audit', rows: [auditRow(entry)] }],
      });
      return withoutHash(token);
    },
  };
}

function withoutHash({ hash: _, ...token }: StoredToken): AccessToken {
  return token;
}

function isSameHash(expected: string, found: string): boolean {
  return timingSafeEqual(Buffer.from(expected), Buffer.from(found));
}

function nameTaken(name: string): MargayError {
  return new MargayError('ACCESS_TOKEN_NAME_TAKEN', `There is a token '${name}' already.`, {
    hint: `Choose another name, or revoke that one: 'margay token revoke ${name}'.`,
  });
}
