// A runtime in a process of its own that ends as in a power cut, before or after one of its durable steps: a commit of the
// state or a sync of the log. Argument: data directory. A message { step, when } arms it.
import { open } from 'node:fs/promises';
import { DuckDBConnection } from '@duckdb/node-api';
import { startRuntime } from '../../../framework/dist/runtime/start-runtime.js';

let armed;
let steps = 0;
process.on('message', (message) => {
  armed = message;
  process.send('armed');
});

async function durably(run) {
  if (armed) steps += 1;
  const isChosen = steps > 0 && steps === armed?.step;
  if (isChosen && armed.when === 'before') process.kill(process.pid, 'SIGKILL');
  const value = await run();
  if (isChosen) process.kill(process.pid, 'SIGKILL');
  return value;
}

const { prepare } = DuckDBConnection.prototype;
DuckDBConnection.prototype.prepare = async function prepareCounted(sql) {
  const statement = await prepare.call(this, sql);
  if (sql !== 'COMMIT') return statement;
  const run = statement.runAndReadAll.bind(statement);
  statement.runAndReadAll = (...args) => durably(() => run(...args));
  return statement;
};

const handle = await open(process.argv[1]);
const fileHandle = Object.getPrototypeOf(handle);
await handle.close();
const { datasync } = fileHandle;
fileHandle.datasync = function datasyncCounted() {
  return durably(() => datasync.call(this));
};

const runtime = await startRuntime({
  directory: process.argv[2],
  port: 0,
  env: process.env,
  clock: { now: () => Date.now() },
  onNotice: (notice) => process.stderr.write(`${notice}\n`),
});
process.stdout.write(`${runtime.url}\n`);
