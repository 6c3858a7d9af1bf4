/** A name as SQL reads it, whatever is in it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL reads it: where no parameter can be bound, such as file names of `COPY` and SQL for others to run. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
