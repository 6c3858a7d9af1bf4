/** A name as SQL reads it, whatever is in it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL reads it: where no parameter can be bound, such as file names of `COPY` and SQL for others to run. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A time as SQL spells it, UTC: where it is to rule out parts and row groups, it cannot be a parameter. */
export function quoteTime(timeMs: number): string {
  return `TIMESTAMP '${new Date(timeMs).toISOString().replace('T', ' ').replace('Z', '')}'`;
}
