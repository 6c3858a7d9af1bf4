import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { ApiServices } from '../../../framework/runtime/api/index.ts';
import { createRoutes } from '../../../framework/runtime/api/routes.ts';

it('the README lists every route, and no other', () => {
  const limits = { maxBodyBytes: 1, maxPlainBytes: 1, budget: { take: () => {}, give: () => {} } };
  const routes = createRoutes({} as ApiServices, limits).map(({ method, url }) => `${method} ${url}`);
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const [, section = ''] = readme.split('### The API\n');
  const listed = [...section.matchAll(/^\| `((?:GET|POST|PUT|DELETE) [^`]+)` \|/gm)].map(([, route]) => route);
  expect([...listed].sort()).toEqual([...routes].sort());
});
