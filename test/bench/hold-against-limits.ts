/** A figure of a benchmark with the most that it may be. */
export interface LimitedFigure {
  readonly name: string;
  readonly limitMs: number;
  readonly measuredMs: number;
  readonly isKept: boolean;
}

/** The most that the content tests may cost, in milliseconds, on two cores. */
const limits = {
  /** `margay test` over 1,000 detections with three event tests each. */
  eventTestsMedianMs: 10_000,
  timelineP95Ms: 150,
} as const;

/** Holds measured figures against the limits. A figure exactly at its limit keeps it; one that is no number does not. */
export function holdAgainstLimits(measured: Readonly<Record<keyof typeof limits, number>>): readonly LimitedFigure[] {
  return (Object.keys(limits) as (keyof typeof limits)[]).map((name) => {
    const [limitMs, measuredMs] = [limits[name], measured[name]];
    return { name, limitMs, measuredMs, isKept: measuredMs <= limitMs };
  });
}
