import { formatDuration } from '../model/duration.ts';
import type { Trouble } from './alert/index.ts';
import type { Silence } from './last-heard.ts';

/** What the alert about a silent log type says. High: every detection over it is blind. */
export function silenceTrouble({ logType, silentAfterMs, sinceMs, receivedAtMs }: Silence): Trouble {
  const since = new Date(sinceMs).toISOString();
  return {
    ...{ kind: 'silence', subject: logType, sinceMs },
    title: `${logType} is silent: no logs since ${since}`,
    level: 'high',
    description: `No batch of this log type was accepted for ${formatDuration(silentAfterMs)} (its silentAfter). What reads it finds nothing, and nothing found is no proof that nothing happened.`,
    runbook: [
      `1. Does the sender run, and does it reach the runtime? 'margay status' shows when each log type was last received.`,
      `2. Records that arrive but are no events: margay query "SELECT code, reason, count(*) AS n FROM dead_letters WHERE log_type = '${logType}' AND received_at > p_current_timestamp() - INTERVAL '1 day' GROUP BY code, reason"`,
      '3. If the source is quiet by nature, give its log type a longer silentAfter.',
    ].join('\n'),
    context: {
      log_type: logType,
      last_received: receivedAtMs === undefined ? null : new Date(receivedAtMs).toISOString(),
      silent_after: formatDuration(silentAfterMs),
    },
    owners: [],
  };
}
