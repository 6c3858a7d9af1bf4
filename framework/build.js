// Builds the package: TypeScript to dist/, then alasql (a devDependency) bundled beside it.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));
const require = createRequire(import.meta.url);

const tsc = spawnSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', root], {
  stdio: 'inherit',
  cwd: root,
});
await bundleAlasql();
process.exitCode = tsc.status ?? 70;

/** alasql as one file with its licence, without what it brings along for phones, spreadsheets and the network. */
async function bundleAlasql() {
  const entry = require.resolve('alasql');
  const folder = join(root, 'dist/sql/alasql');
  const bundle = join(folder, 'alasql.cjs');
  if (changedAt(bundle) > Math.max(changedAt(entry), changedAt(fileURLToPath(import.meta.url)))) return;
  mkdirSync(folder, { recursive: true });
  // Renamed when complete: another build, or a test, may be reading it.
  const unfinished = `${bundle}.${process.pid}`;
  await build({
    entryPoints: [entry],
    outfile: unfinished,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'inline',
    external: ['react-native', 'react-native-*', 'cross-fetch', '../modules/*'],
    logLevel: 'error',
  });
  renameSync(unfinished, bundle);
  copyFileSync(join(dirname(entry), '../LICENSE'), join(folder, 'LICENSE'));
}

function changedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
