import type { LogType } from '../../model/log-type.ts';
import type { Problem } from '../../model/margay-error.ts';
import { suggest } from '../../model/suggest.ts';
import type { ConfiguredLogType } from '../typescript/index.ts';
import type { LoweredLogTypes } from './lower-log-types.ts';

/** The log types with what `margay.config.ts` sets, which wins over their files. A name that is none is a problem. */
export function configureLogTypes(lowered: LoweredLogTypes, configured: readonly ConfiguredLogType[]): LoweredLogTypes {
  const logTypes = new Map<string, LogType>(lowered.logTypes);
  const problems: Problem[] = [];
  for (const { name, settings, where } of configured) {
    const logType = logTypes.get(name);
    if (logType) logTypes.set(name, { ...logType, ...settings });
    else if (!lowered.broken.has(name)) {
      const hint = suggest(name, [...logTypes.keys()]);
      const message = `No log type has the name '${name}'.`;
      problems.push({ code: 'COMPILE_LOG_TYPE_UNKNOWN', message, where, hint, severity: 'error' });
    }
  }
  return { ...lowered, logTypes, problems: [...lowered.problems, ...problems] };
}
