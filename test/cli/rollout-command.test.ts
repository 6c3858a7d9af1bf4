import { afterEach, expect, it } from 'vitest';
import type { RolloutList, RolloutReport } from '../../framework/runtime/api/index.ts';
import { type AnsweringServer, startAnsweringServer } from './answering-server.ts';
import { runMargay } from './run-margay.ts';

const atMs = Date.parse('2026-06-30T12:00:00Z');
const promoted: RolloutReport = {
  ...{ ruleId: 'okta/loud', version: 'sha256:b', liveVersion: 'sha256:a', sinceMs: atMs, untilMs: atMs + 172_800_000 },
  ...{ evaluated: 48_211, matches: 31, errors: 0, alerts: 19, maxAlertsOnADay: 14, alertBudgetPerDay: 10 },
  ...{ status: 'held', reason: 'It raised 14 alerts on day 2, and 10 a day are its budget.' },
};
const rollouts: RolloutList = {
  rollouts: [
    promoted,
    {
      ...{ ...promoted, ruleId: 'okta/new', liveVersion: null, evaluated: 120, matches: 0, alerts: 0 },
      ...{ maxAlertsOnADay: 0, alertBudgetPerDay: null, status: 'waiting', reason: 'Its window ends in 1d4h.' },
    },
  ],
};

const servers: AnsweringServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function ask(args: readonly string[], answer: unknown) {
  const server = await startAnsweringServer(() => ({ json: answer }));
  servers.push(server);
  const result = await runMargay([...args, '--url', server.url]);
  return { ...result, requests: server.requests.map(({ method, path, body }) => [method, path, body.toString()]) };
}

it.each<readonly [name: string, args: readonly string[], answer: unknown]>([
  ['rollout', ['rollout'], rollouts],
  ['no-rollout', ['rollout'], { rollouts: [] }],
  ['promote', ['rollout', 'promote', 'okta/loud'], promoted],
])('%s: what people see, and as JSON what the API answers', async (name, args, answer) => {
  const { code, stdout, stderr } = await ask(args, answer);
  expect(code).toBe(0);
  await expect(`${stdout}--- stderr\n${stderr}`).toMatchFileSnapshot(`golden/runtime/${name}.txt`);
  expect(JSON.parse((await ask([...args, '--json'], answer)).stdout)).toEqual(answer);
});

it('a promotion names the detection', async () => {
  const { requests } = await ask(['rollout', 'promote', 'okta/loud'], promoted);
  expect(requests).toEqual([['POST', '/v1/rollouts/promote', '{"ruleId":"okta/loud"}']]);
});
