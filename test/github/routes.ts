import { checkRoutes } from './checks.ts';
import { gitRoutes } from './git-data.ts';
import type { Handler } from './github-state.ts';
import { pullRoutes } from './pulls.ts';
import { settingRoutes } from './settings.ts';

/** `METHOD /template` as the OpenAPI description writes it → what answers. */
export const routes: Readonly<Record<string, Handler>> = {
  ...gitRoutes,
  ...pullRoutes,
  ...checkRoutes,
  ...settingRoutes,
};
