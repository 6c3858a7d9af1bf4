import { fileURLToPath } from 'node:url';
import { collectContentTests } from 'margay/vitest';

await collectContentTests({ root: fileURLToPath(new URL('..', import.meta.url)) });
