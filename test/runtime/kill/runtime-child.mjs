// A runtime in a process of its own, to be killed. Arguments: data directory, port.
import { startRuntime } from '../../../framework/dist/runtime/start-runtime.js';

const [directory, port] = process.argv.slice(2);
const runtime = await startRuntime({
  directory,
  port: Number(port),
  env: process.env,
  clock: { now: () => Date.now() },
  onNotice: (notice) => process.stderr.write(`${notice}\n`),
});
process.stdout.write(`${runtime.url}\n`);
