/**
 * A condition as two boolean expressions that are never NULL: `over` is true for at least the events that match,
 * `under` for at most those. They are the same text where SQL can say it exactly. Two, because the negation of
 * "at least" is "at most".
 */
export interface Printed {
  readonly over: string;
  readonly under: string;
}

/** An expression that says exactly what is meant. */
export function exactly(sql: string): Printed {
  return { over: sql, under: sql };
}

export const always: Printed = exactly('true');
export const never: Printed = exactly('false');
/** What SQL can't say at all. */
export const unknown: Printed = { over: 'true', under: 'false' };

export function isExact({ over, under }: Printed): boolean {
  return over === under;
}

/** The same done to both expressions. */
export function mapPrinted({ over, under }: Printed, change: (sql: string) => string): Printed {
  const changed = change(over);
  return { over: changed, under: under === over ? changed : change(under) };
}

/** Both hold, or none: what is missing makes it false. */
export function orFalse(printed: Printed): Printed {
  return mapPrinted(printed, (sql) => (sql === 'true' || sql === 'false' ? sql : `coalesce(${sql}, false)`));
}

export function not({ over, under }: Printed): Printed {
  return { over: negate(under), under: negate(over) };
}

/** The parts in their order, which DuckDB begins with. */
export function joinPrinted(kind: 'and' | 'or', parts: readonly Printed[]): Printed {
  return {
    over: join(
      kind,
      parts.map((part) => part.over),
    ),
    under: join(
      kind,
      parts.map((part) => part.under),
    ),
  };
}

/**
 * What holds where the guard does, and what holds elsewhere. A CASE, because DuckDB then evaluates a branch for
 * the rows that need it alone.
 */
export function choose(guard: string, then: Printed, otherwise: Printed): Printed {
  return {
    over: printCase(guard, then.over, otherwise.over),
    under: printCase(guard, then.under, otherwise.under),
  };
}

function printCase(guard: string, then: string, otherwise: string): string {
  return then === otherwise ? then : `CASE WHEN ${guard} THEN ${then} ELSE ${otherwise} END`;
}

function negate(sql: string): string {
  if (sql === 'true') return 'false';
  return sql === 'false' ? 'true' : `NOT (${sql})`;
}

function join(kind: 'and' | 'or', parts: readonly string[]): string {
  const [neutral, decisive] = kind === 'and' ? ['true', 'false'] : ['false', 'true'];
  if (parts.includes(decisive)) return decisive;
  const [first, ...rest] = [...new Set(parts.filter((part) => part !== neutral))];
  if (first === undefined) return neutral;
  return rest.length === 0 ? first : `(${[first, ...rest].join(` ${kind.toUpperCase()} `)})`;
}
