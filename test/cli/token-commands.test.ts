import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '../../framework/cli/client.ts';
import { systemClock } from '../../framework/model/clock.ts';
import { type Runtime, startRuntime } from '../../framework/runtime/start-runtime.ts';
import { runMargay } from './run-margay.ts';

let folder: string;
let runtime: Runtime;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-token-'));
  const directory = join(folder, 'data');
  runtime = await startRuntime({ directory, port: 0, token: 'root', env: {}, clock: systemClock, write: () => {} });
}, 30_000);

afterAll(async () => {
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
});

const margay = (args: readonly string[], token = 'root') =>
  runMargay(args, { env: { MARGAY_URL: runtime.url, MARGAY_TOKEN: token } });

it('a token is made, shown once, used for its scope alone, listed and revoked', async () => {
  const made = await margay(['token', 'create', 'viewer', '--scope', 'read', '--expires', '90d']);
  expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('shown this once') });
  const token = made.stdout.trim();
  expect(await margay(['status', '--json'], token)).toMatchObject({ code: 0 });
  const refused = await margay(['token', 'list'], token);
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('API_SCOPE_MISSING') });
  const { stdout } = await margay(['token', 'list', '--json']);
  expect(JSON.parse(stdout).tokens).toMatchObject([
    { name: 'viewer', scopes: ['read'], createdBy: 'token MARGAY_TOKEN' },
  ]);
  expect(stdout).not.toContain(token);
  expect((await margay(['token', 'list'])).stdout).toMatch(/viewer +read/);
  expect(await margay(['token', 'revoke', 'viewer'])).toMatchObject({ code: 0 });
  expect(await margay(['status'], token)).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('API_TOKEN_WRONG'),
  });
  const { rows } = await connect({ url: runtime.url, token: 'root' }).query(
    "SELECT actor, action, detail ->> 'name' AS name FROM audit ORDER BY happened_at",
    10,
  );
  expect(rows).toEqual([
    { actor: 'token MARGAY_TOKEN', action: 'token_create', name: 'viewer' },
    { actor: 'token MARGAY_TOKEN', action: 'token_revoke', name: 'viewer' },
  ]);
}, 60_000);

it('a scope that is none is said', async () => {
  const wrong = await margay(['token', 'create', 'x', '--scope', 'root']);
  expect(wrong).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('Expected one of ingest, read, publish, admin'),
  });
});
