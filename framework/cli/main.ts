import { readFileSync } from 'node:fs';
import { exitCodes } from './exit-code.ts';
import { runCli } from './run-cli.ts';

// A reader that went away (`margay query … | head`) is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.fine);
    throw error;
  });
}

const manifest = new URL('../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
await runCli(process.argv.slice(2), version);
// What a command leaves behind (kept-alive sockets, engines) must not keep the process.
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise((flushed) => stream.write('', flushed))),
);
process.exit();
