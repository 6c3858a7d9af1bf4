import type { Routing } from '../../model/destination.ts';
import type { Problem } from '../../model/margay-error.ts';
import { suggest } from '../../model/suggest.ts';
import { pluginOf, pluginTypes } from './destinations/index.ts';
import { findSettingProblems, namedVariables, readVariable } from './settings.ts';

/** Everything wrong with the destinations of a routing, but for secrets that are missing here: for publishing. */
export function checkDestinations(routing: Routing): readonly Problem[] {
  return routing.destinations.flatMap(({ name, type, settings }): readonly Problem[] => {
    const plugin = pluginOf(type);
    if (!plugin) {
      const message = `Destination '${name}' has the unknown type '${type}'.`;
      return [{ code: 'DELIVER_TYPE_UNKNOWN', message, hint: suggest(type, pluginTypes), severity: 'error' }];
    }
    return findSettingProblems(plugin.settings, settings).map(({ code, message, hint }) => ({
      ...{ code, hint, severity: 'error' },
      message: `Destination '${name}': ${message}`,
    }));
  });
}

/** The variables that destinations name and the environment lacks, sorted, each once. */
export function missingSecrets(routing: Routing, env: NodeJS.ProcessEnv): readonly string[] {
  const names = routing.destinations.flatMap(({ settings }) => namedVariables(settings));
  return [...new Set(names)].filter((name) => readVariable(env, name) === undefined).sort();
}
