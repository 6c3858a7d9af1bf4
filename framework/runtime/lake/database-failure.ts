/** What went wrong in the database, for people who never see it: its advice is about settings that they cannot make. */
export interface DatabaseFailure {
  readonly message: string;
  readonly hint?: string | undefined;
}

const queryFailures: readonly (readonly [start: RegExp, message: string | undefined, hint: string])[] = [
  [
    /^Out of Memory Error/,
    'The query needs more memory than a query may use.',
    'Read less: a shorter time range, fewer columns, and no more groups or sorted rows than are needed.',
  ],
  [
    /^Conversion Error/,
    undefined,
    'Write TRY_CAST(x AS type), which is NULL where a value is not of the type; INTERVALs have to be shorter.',
  ],
  [/^Out of Range Error/, undefined, 'Write CAST(x AS DOUBLE) before reckoning with numbers this large.'],
];

/** Of a query that failed while it ran. */
export function queryFailure(error: unknown): DatabaseFailure {
  const text = reasonOf(error);
  const known = queryFailures.find(([start]) => start.test(text));
  if (!known) return { message: text };
  const [, message = text, hint] = known;
  return { message, hint };
}

/** Of work that is no query: a merge, a write, a rebuild. */
export function workFailure(error: unknown): string {
  return isOutOfMemory(error) ? 'it needs more memory than it may use.' : reasonOf(error);
}

/** Whether the database had no more memory. A disk too full for what does not fit is told in the same words. */
export function isOutOfMemory(error: unknown): boolean {
  const text = error instanceof Error ? error.message : '';
  return text.startsWith('Out of Memory Error') && !text.includes('max_temp_directory_size');
}

/** The first paragraph: what stands below is advice about settings, or a place in SQL that was printed anew. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split(/\n\s*\n|\nPossible solutions/, 1)[0]?.trim() || text;
}
