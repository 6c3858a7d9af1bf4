import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryState } from '../../../framework/model/memory-state.ts';
import { openTokens, type Tokens } from '../../../framework/runtime/access/index.ts';

const hourMs = 3_600_000;
const state = createMemoryState();
let nowMs = Date.UTC(2026, 0, 1);
const clock = { now: () => nowMs };
let tokens: Tokens;
let made = 0;

beforeEach(async () => {
  nowMs = Date.UTC(2026, 0, 1);
  tokens = await openTokens(state, clock);
  for (const { name } of tokens.list()) await tokens.revoke({ name, actor: 'test' });
  made += 1;
});

const create = (lifetimeMs?: number) =>
  tokens.create({ name: `ci-${made}`, scopes: ['publish'], lifetimeMs, actor: 'token root' });

describe('a token', () => {
  it('is recognisable, and known again after a restart', async () => {
    const { token } = await create();
    expect(token).toMatch(/^margay_[0-9a-f]{12}_[0-9a-f]{72}$/);
    const expected = { actor: `token ci-${made}`, scopes: ['publish'] };
    expect(await tokens.identify(token)).toEqual(expected);
    expect(await (await openTokens(state, clock)).identify(token)).toEqual(expected);
  });

  it('is kept as a hash alone', async () => {
    const { token } = await create();
    const kept = JSON.stringify(await state.list('token'));
    expect(kept).toContain(`ci-${made}`);
    expect(kept).not.toContain(token.slice(-72, -8));
    expect(JSON.stringify(tokens.list())).not.toMatch(/hash|margay_/);
  });

  it.each<[string, (token: string) => string]>([
    ['with another secret', (token) => token.replace(/_[0-9a-f]{4}([0-9a-f]+)$/, '_0000$1')],
    ['cut short', (token) => token.slice(0, -1)],
    ['of nobody', () => `margay_${'0'.repeat(12)}_${'0'.repeat(72)}`],
    ['that is empty', () => ''],
    ['with more behind it', (token) => `${token}0`],
  ])('%s is nobody', async (_which, change) => {
    const { token } = await create();
    expect(await tokens.identify(change(token))).toBeUndefined();
  });

  it('ends when it expires, and when it is revoked', async () => {
    const { token, expiresAtMs } = await create(hourMs);
    nowMs += hourMs - 1;
    expect(await tokens.identify(token)).toBeDefined();
    nowMs = expiresAtMs as number;
    expect(await tokens.identify(token)).toBeUndefined();
    await tokens.revoke({ name: `ci-${made}`, actor: 'test' });
    const { token: other } = await create();
    await tokens.revoke({ name: `ci-${made}`, actor: 'test' });
    expect(await tokens.identify(other)).toBeUndefined();
    expect(await (await openTokens(state, clock)).identify(other)).toBeUndefined();
  });

  it('with the scope admin has all of them', async () => {
    const { token } = await tokens.create({ name: 'root', scopes: ['admin'], actor: 'test' });
    expect((await tokens.identify(token))?.scopes).toEqual(['ingest', 'read', 'publish', 'admin']);
  });

  it('notes its last use to the hour', async () => {
    const { token } = await create();
    nowMs += 90 * 60_000;
    await tokens.identify(token);
    nowMs += 1;
    await tokens.identify(token);
    expect(tokens.list()).toMatchObject([{ lastUsedAtMs: Date.UTC(2026, 0, 1, 1) }]);
  });
});

describe('making and revoking', () => {
  it('goes into the audit with who did it', async () => {
    state.takeRows();
    await create(hourMs);
    await tokens.revoke({ name: `ci-${made}`, actor: 'token dana' });
    const name = `ci-${made}`;
    expect(state.takeRows().get('audit')).toMatchObject([
      {
        ...{ action: 'token_create', actor: 'token root' },
        detail: { name, scopes: ['publish'], expiresAt: '2026-01-01T01:00:00.000Z' },
      },
      { action: 'token_revoke', actor: 'token dana', detail: { name } },
    ]);
  });

  it('refuses a name that is there, and one that is not', async () => {
    const results = await Promise.allSettled([create(), create()]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await expect(create()).rejects.toMatchObject({ code: 'ACCESS_TOKEN_NAME_TAKEN' });
    await expect(tokens.revoke({ name: 'nobody', actor: 'test' })).rejects.toMatchObject({
      code: 'ACCESS_TOKEN_UNKNOWN',
    });
  });
});
