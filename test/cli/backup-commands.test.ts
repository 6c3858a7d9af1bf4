import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tarHeader } from '../../framework/runtime/services/backup/tar-header.ts';
import { openStory, type Story } from '../runtime/services/open-story.ts';
import { runMargay, startMargay } from './run-margay.ts';

let folder: string;
let story: Story;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-backups-'));
  story = await openStory();
  await story.publish();
}, 60_000);
afterAll(async () => {
  await story.close();
  rmSync(folder, { recursive: true, force: true });
});

it('backup and restore say what they wrote', async () => {
  const target = join(folder, 'a.tar');
  const made = await runMargay(['backup', target, '--url', story.client.url, '--json']);
  expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: '' });
  const report = JSON.parse(made.stdout);
  expect(report).toEqual({
    target,
    fileCount: expect.any(Number),
    bytes: expect.any(Number),
    createdAtMs: expect.any(Number),
    logEnd: expect.any(Number),
  });
  const data = join(folder, 'data');
  const restored = await runMargay(['restore', target, '--data', data, '--json']);
  expect(JSON.parse(restored.stdout)).toEqual({ ...report, target: data });
  const again = await runMargay(['restore', target, '--data', data]);
  expect(again.code).toBe(3);
  expect(again.stderr).toContain('RUNTIME_TARGET_OCCUPIED');
  const told = await runMargay(['restore', target], { cwd: folder, env: { MARGAY_DATA: 'other' } });
  expect(told.stdout).toMatch(/other: \d+ files, [\d.]+ [KM]B\n$/);
});

it('a name that is taken is refused before the runtime is asked', async () => {
  const { code, stderr } = await runMargay(['backup', folder, '--url', 'http://127.0.0.1:1']);
  expect(code).toBe(3);
  expect(stderr).toContain('RUNTIME_TARGET_OCCUPIED');
});

it.each(['b', 'b.tar'])('Ctrl-C leaves nothing of %s', async (name) => {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/x-tar' });
    response.write(Buffer.concat([tarHeader('log/0000000000000000.log', 5_000, 0), Buffer.alloc(1_000)]));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const before = readdirSync(folder);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const child = startMargay(['backup', join(folder, name), '--url', url]);
  while (readdirSync(folder).length === before.length) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill('SIGINT');
  const [code] = await once(child, 'exit');
  server.closeAllConnections();
  server.close();
  expect(code).toBe(130);
  expect(readdirSync(folder)).toEqual(before);
});
