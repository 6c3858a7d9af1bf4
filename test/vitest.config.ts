import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

export default defineConfig({
  root,
  test: {
    globalSetup: ['test/build-framework.ts'],
    include: ['test/**/*.test.ts'],
    // What compiling keeps for the next time stays out of the user's own folder.
    env: { XDG_CACHE_HOME: join(tmpdir(), 'margay-test-cache') },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Many tests wait for processes of their own: on two cores, two at a time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
