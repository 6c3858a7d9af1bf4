import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, type RuntimeClient } from '../../framework/cli/client.ts';
import { systemClock } from '../../framework/model/clock.ts';
import { type Runtime, startRuntime } from '../../framework/runtime/start-runtime.ts';
import { hostileStatements } from './lake/hostile-statements.ts';

const canary = 'the-canary-that-nobody-may-read';
const folder = mkdtempSync(join(tmpdir(), 'margay-hostile-api-'));
const paths = { secret: join(folder, 'secret.txt'), outside: join(folder, 'outside'), lake: join(folder, 'data/lake') };
let runtime: Runtime;
let client: RuntimeClient;

beforeAll(async () => {
  writeFileSync(paths.secret, canary);
  const options = { directory: join(folder, 'data'), port: 0, env: { MARGAY_HOSTILE_CANARY: canary } };
  runtime = await startRuntime({ ...options, clock: systemClock, write: () => {} });
  client = connect({ url: runtime.url });
}, 60_000);

afterAll(async () => {
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
});

it.each(hostileStatements(paths))(
  'the API refuses, and answers the next query: %s',
  async (sql) => {
    const refusal = await client.query(sql, 10).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'API_QUERY_INVALID', problems: expect.arrayContaining([expect.anything()]) });
    expect(JSON.stringify(refusal)).not.toContain(canary);
    expect((await client.query('SELECT count(*) AS n FROM audit', 10)).rows).toEqual([{ n: 0 }]);
  },
  30_000,
);
