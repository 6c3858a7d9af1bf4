import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { BundleEnvelope } from '../../../framework/model/bundle.ts';
import { compileFiles } from '../open-world.ts';
import { type KillableRuntime, killRuntime, startKillable } from './killable-runtime.ts';

const detection = (title: string, types: string): Promise<BundleEnvelope> =>
  compileFiles({
    'detections/adds.yml': `title: ${title}
level: low
destinations: []
rollout: { shadow: 48h }
logTypes: [Okta.SystemLog]
detection: { seen: { eventType: [${types}] }, condition: seen }
dedup: { by: [uuid] }
`,
  });

const folder = mkdtempSync(join(tmpdir(), 'margay-killed-rollout-'));
let runtime: KillableRuntime;
afterEach(async () => {
  await killRuntime(runtime);
  rmSync(folder, { recursive: true, force: true });
});

it('a runtime that is killed again and again counts every event once, and promotes at one place of the log', async () => {
  const open = async (): Promise<void> => {
    runtime = await startKillable(folder, {});
  };
  let sent = 0;
  const send = async (): Promise<void> => {
    const published = new Date(Date.now() - 60_000).toISOString();
    const lines = Array.from({ length: 20 }, () => JSON.stringify({ uuid: `e${sent++}`, eventType: 'add', published }));
    const body = Buffer.from(lines.join('\n'));
    await runtime.client.ingest({ logType: 'Okta.SystemLog', key: `k${sent}`, source: 'test', body });
  };
  const publish = async (envelope: BundleEnvelope): Promise<void> => {
    const { serial } = await runtime.client.live();
    await runtime.client.publish(envelope, serial, { allowMissingSecrets: true });
  };
  const count = async (stage: string): Promise<unknown> => {
    const sql = `SELECT count(*) AS n, count(DISTINCT p_row_id) AS events FROM rule_matches WHERE p_stage = '${stage}'`;
    return (await runtime.client.query(sql, 10)).rows[0];
  };

  await open();
  await publish(await detection('before', 'add'));
  await publish(await detection('after', 'add, join'));
  for (let round = 0; round < 3; round++) {
    await send();
    await killRuntime(runtime);
    await open();
  }
  const tried = sent;
  // Whether it got into the log or not: the answer was never waited for.
  runtime.client.promote({ ruleId: 'adds' }).catch(() => {});
  await killRuntime(runtime);
  await open();
  if ((await runtime.client.rollouts()).rollouts.length > 0) await runtime.client.promote({ ruleId: 'adds' });
  await send();
  await killRuntime(runtime);
  await open();
  expect(await count('live')).toEqual({ n: sent, events: sent });
  expect(await count('shadow')).toEqual({ n: tried, events: tried });
  const promotions =
    "SELECT detail ->> '$.evaluated' AS evaluated, detail ->> '$.matches' AS matches FROM audit WHERE action = 'promote'";
  expect((await runtime.client.query(promotions, 10)).rows).toEqual([
    { evaluated: String(tried), matches: String(tried) },
  ]);
  const titles =
    "SELECT p_rule_title AS title, count(*) AS n FROM rule_matches WHERE p_stage = 'live' GROUP BY p_rule_title ORDER BY n";
  expect((await runtime.client.query(titles, 10)).rows).toEqual([
    { title: 'after', n: sent - tried },
    { title: 'before', n: tried },
  ]);
}, 180_000);
