import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { LogType } from '../../../framework/model/log-type.ts';
import { startArchiving } from '../../../framework/runtime/archiving.ts';
import { catalogBundle } from '../../../framework/runtime/bundle-catalog.ts';
import { openLog } from '../../../framework/runtime/log/index.ts';
import { rebuild } from '../../../framework/runtime/services/rebuild-service.ts';
import { sampleBundle } from '../detect/sample-bundle.ts';
import { makeDirectory, open } from '../lake/lake-directory.ts';
import { toy } from '../normalise/toy-log-type.ts';

const clock = { now: () => Date.parse('2026-01-31T00:00:00Z') };
const request = {
  ...{ logType: toy.name, from: '2026-01-01', actor: 'test' },
  scopes: ['admin'] as const,
  signal: new AbortController().signal,
};

/** A rebuild that has read its first batch and waits for its reader. */
async function startRebuild() {
  const directory = await makeDirectory();
  const opened = await open(join(directory, 'lake'));
  const log = await openLog({ directory: join(directory, 'log'), clock });
  const body = Buffer.from('{"id":"1","time":"2026-01-30T01:02:03.000Z"}');
  await log.append({ kind: 'batch', key: 'a', logType: toy.name, source: '', receivedAtMs: clock.now(), body });
  const { state } = opened;
  const fail = (notice: string): never => expect.fail(notice);
  const archiving = await startArchiving({ directory: join(directory, 'archive'), log, state, clock, onNotice: fail });
  onTestFinished(async () => {
    await archiving.consumer.close();
    await log.close();
  });
  let logType: LogType = toy;
  const active = () => ({
    catalog: catalogBundle(`sha256:${logType.description}`, {
      ...sampleBundle({ detections: [] }),
      logTypes: [logType],
    }),
  });
  const consumers = { lake: { reach: async () => {} } };
  const parts = { archiving, clock, log, opened, state, active, consumers } as unknown as Parameters<typeof rebuild>[0];
  const lines = rebuild(parts, request);
  expect((await lines.next()).value).toMatchObject({ kind: 'progress', batchCount: 1, eventCount: 1 });
  const publish = (changed: LogType): void => {
    logType = changed;
  };
  return { parts, lines, publish };
}

it('one rebuild at a time, and the next when it has ended', async () => {
  const { parts, lines } = await startRebuild();
  await expect(rebuild(parts, request).next()).rejects.toMatchObject({ code: 'RUNTIME_REBUILD_BUSY' });
  expect((await lines.next()).value).toMatchObject({ kind: 'report', report: { rowCount: 1 } });
  await lines.return();
  expect((await rebuild(parts, request).next()).value).toMatchObject({ kind: 'progress' });
});

it('replaces nothing when the log type was changed meanwhile', async () => {
  const { lines, publish } = await startRebuild();
  publish({ ...toy, description: 'changed' });
  await expect(lines.next()).rejects.toMatchObject({ code: 'RUNTIME_REBUILD_OUTDATED' });
});

it('takes the scope to write', async () => {
  const { parts } = await startRebuild();
  await expect(rebuild(parts, { ...request, scopes: ['read'] }).next()).rejects.toMatchObject({
    code: 'API_SCOPE_MISSING',
  });
});
