import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Worker and CLI tests run compiled JavaScript, so the package is built before any test. */
export default function buildFramework(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('../framework/build.js', import.meta.url))], {
    stdio: 'inherit',
  });
}
