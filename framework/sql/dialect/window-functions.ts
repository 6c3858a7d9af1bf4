/** Functions that are written `f(…) OVER (… ORDER BY …)`, and aggregates that may be. */
export const windowFunctions: Readonly<
  Record<string, { readonly args: readonly [number, number]; readonly needsOrder: boolean; readonly isByRow: boolean }>
> = {
  row_number: { args: [0, 0], needsOrder: true, isByRow: true },
  rank: { args: [0, 0], needsOrder: true, isByRow: false },
  dense_rank: { args: [0, 0], needsOrder: true, isByRow: false },
  lag: { args: [1, 1], needsOrder: true, isByRow: true },
  lead: { args: [1, 1], needsOrder: true, isByRow: true },
  count_star: { args: [0, 0], needsOrder: false, isByRow: false },
  count: { args: [0, 1], needsOrder: false, isByRow: false },
  sum: { args: [1, 1], needsOrder: false, isByRow: false },
  avg: { args: [1, 1], needsOrder: false, isByRow: false },
  min: { args: [1, 1], needsOrder: false, isByRow: false },
  max: { args: [1, 1], needsOrder: false, isByRow: false },
};
