/** What the command line says. */
export interface BenchOptions {
  /** How long something sustained is measured. */
  readonly seconds: number;
  /** How often something short is measured; the median counts. */
  readonly runs: number;
  /** How many events or rows a part over stored data makes, where it has a choice. */
  readonly rows: number | undefined;
}

/** What a part measured: figures by name, and the goals that they are held against. */
export interface PartReport {
  readonly figures: Readonly<Record<string, unknown>>;
  readonly goals: readonly Goal[];
}

/** A figure with what it should be. */
export interface Goal {
  readonly name: string;
  readonly measured: number;
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
}

/** One part of the benchmark. Each is a file of its own, named in the table of `bench-lake.ts`. */
export interface BenchPart {
  readonly summary: string;
  run(options: BenchOptions): Promise<PartReport>;
}

/** Whether a figure is what it should be; one that is no number is not. */
export function isReached({ measured, atLeast, atMost }: Goal): boolean {
  return (atLeast === undefined || measured >= atLeast) && (atMost === undefined || measured <= atMost);
}

/** The middle of some figures. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** A figure with so many digits as mean anything. */
export function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
