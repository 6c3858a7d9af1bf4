import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { column, makeDirectory, open, partFiles } from './lake-directory.ts';

const child = fileURLToPath(new URL('./write-child.js', import.meta.url));
const perRound = 1_000;

/** Lets a child write from a number on, kills it after some acknowledgements, and gives the last of each kind. */
async function writeAndKill(
  directory: string,
  start: number,
): Promise<{ readonly lake: number; readonly detect: number }> {
  const run = spawn(process.execPath, [child, directory, String(start)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged = { lake: start - 1, detect: start - 1 };
  const killAfter = 1 + Math.floor(Math.random() * 30);
  let count = 0;
  run.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.trim().split('\n')) {
      const [kind = '', n = ''] = line.split(' ');
      if (kind === 'lake' || kind === 'detect') acknowledged[kind] = Number(n);
      count += 1;
    }
    if (count >= killAfter) setTimeout(() => run.kill('SIGKILL'), Math.random() * 30);
  });
  await once(run, 'close');
  return acknowledged;
}

describe('a lake after a crash', () => {
  it('holds exactly what was committed, each row once, whenever it was killed', { timeout: 120_000 }, async () => {
    const directory = await makeDirectory();
    const events: string[] = [];
    const audits: string[] = [];
    for (let round = 1; round <= 6; round += 1) {
      const start = round * perRound;
      const acknowledged = await writeAndKill(directory, start);
      const lake = await open(directory);
      const committed = {
        lake: (await lake.state.get<number>('position', 'lake')) ?? 0,
        detect: (await lake.state.get<number>('position', 'detect')) ?? 0,
      };
      for (const kind of ['lake', 'detect'] as const) {
        expect(
          committed[kind] - acknowledged[kind] === 0 ||
            committed[kind] - acknowledged[kind] === 1 ||
            committed[kind] < start,
        ).toBe(true);
        if (committed[kind] < start) expect(acknowledged[kind]).toBe(start - 1);
      }
      if (committed.lake >= start)
        events.push(...Array.from({ length: 5 }, (_, index) => `event-${start - 1}-${index}`));
      for (let n = start; n <= committed.lake; n += 1) {
        events.push(...Array.from({ length: 30 }, (_, index) => `event-${n}-${index}`));
      }
      for (let n = start; n <= committed.detect; n += 1) audits.push(`audit-${n}-a`, `audit-${n}-b`);
      expect(await column(lake, 'SELECT p_row_id FROM acme_door ORDER BY 1')).toEqual([...events].sort());
      expect(await column(lake, 'SELECT audit_id FROM audit ORDER BY 1')).toEqual([...audits].sort());
      await lake.sweep();
      const listed = (await lake.state.list('part')).map(({ key }) => key.replace('parts/', ''));
      expect(await partFiles(directory)).toEqual(listed.sort());
      await lake.close();
    }
  });
});
