import { InvalidArgumentError } from 'commander';

/** A time for an option, as ISO 8601 in UTC. */
export function parseTime(text: string): string {
  const found = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  // Without a zone it is UTC, like every time here; JavaScript would read it as local.
  const time = new Date(found?.[1] && !found[4] ? `${text}Z` : text);
  if (found && !Number.isNaN(time.getTime())) return time.toISOString();
  throw new InvalidArgumentError("Expected an ISO 8601 time such as '2026-03-01T06:00:00Z'.");
}
