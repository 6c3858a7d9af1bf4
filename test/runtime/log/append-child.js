// Appends numbered batches and writes each key to stdout once it is acknowledged. Started by tests, which kill it.
import { openLog } from '../../../framework/dist/runtime/log/index.js';

const [directory, mode] = process.argv.slice(2);
const log = await openLog({ directory, maxSegmentBytes: 40_000, clock: { now: () => Date.now() } });

async function append(key) {
  const body = Buffer.from(key.repeat(1 + ((key.length * 7919) % 400)));
  try {
    await log.append({ kind: 'batch', key, logType: 'Okta.SystemLog', source: '', receivedAtMs: 0, body });
    process.stdout.write(`${key}\n`);
    return true;
  } catch (error) {
    process.stdout.write(`${error.code}\n`);
    return false;
  }
}

if (mode === 'until-failure') {
  let n = 0;
  while (await append(`key-${n}-${'x'.repeat(300)}`)) n += 1;
  await append('after the failure');
  await log.close();
} else {
  const start = Number(mode);
  for (let n = start; ; n += 8) await Promise.all(Array.from({ length: 8 }, (_, index) => append(`key-${n + index}`)));
}
