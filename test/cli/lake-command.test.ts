import { afterEach, expect, it } from 'vitest';
import type { RebuildReport } from '../../framework/model/rebuild.ts';
import { type AnsweringServer, startAnsweringServer } from './answering-server.ts';
import { runMargay } from './run-margay.ts';

let server: AnsweringServer | undefined;
afterEach(async () => {
  await server?.close();
});

const nothing: RebuildReport = {
  logType: 'Acme.Door',
  table: 'acme_door',
  from: '2026-05-01',
  to: '2026-05-07',
  days: [],
  archived: { from: '2026-05-20', to: '2026-06-10' },
  batchCount: 0,
  rowCount: 0,
  replacedCount: 0,
  goneCount: 0,
  refusedCount: 0,
};
const counts = 'Acme.Door: 0 events of 0 days from 0 batches, in the place of 0\n';
const has = 'in the raw archive: it has the batches of Acme.Door that were received';

it.each<readonly [string, Partial<RebuildReport>, string]>([
  ['some days', {}, `No event of 2026-05-01 to 2026-05-07 is ${has} from 2026-05-20 to 2026-06-10.\n`],
  [
    'one day, of an archive of one day',
    { to: '2026-05-01', archived: { from: '2026-06-10', to: '2026-06-10' } },
    `No event of 2026-05-01 is ${has} on 2026-06-10.\n`,
  ],
  [
    'all days that follow',
    { from: '2026-07-01', to: null },
    `No event of the days from 2026-07-01 on is ${has} from 2026-05-20 to 2026-06-10.\n`,
  ],
  ['an archive that has nothing', { archived: null }, 'The raw archive has no batch of Acme.Door.\n'],
])('a rebuild that gives no event says how far the archive reaches: %s', async (_, changes, stderr) => {
  expect(await rebuild({ ...nothing, ...changes })).toEqual({ code: 0, stdout: counts, stderr });
});

it('a rebuild that gives events counts them, and one whose records are refused says that alone', async () => {
  const report = {
    ...nothing,
    days: ['2026-06-09', '2026-06-10'],
    batchCount: 3,
    rowCount: 1_200,
    replacedCount: 1_190,
  };
  const stdout = 'Acme.Door: 1,200 events of 2 days from 3 batches, in the place of 1,190\n';
  expect(await rebuild(report)).toEqual({ code: 0, stdout, stderr: '' });
  expect(JSON.parse((await rebuild(report, '--json')).stdout)).toEqual(report);
  const stderr = '1 record refused: see dead_letters. 0 events went with them.\n';
  expect(await rebuild({ ...nothing, refusedCount: 1 })).toEqual({ code: 1, stdout: counts, stderr });
});

async function rebuild(report: RebuildReport, ...options: readonly string[]) {
  await server?.close();
  server = await startAnsweringServer(() => ({ text: `${JSON.stringify({ kind: 'report', report })}\n` }));
  return runMargay(['lake', 'rebuild', 'Acme.Door', '--from', '2026-05-01', '--url', server.url, ...options]);
}
