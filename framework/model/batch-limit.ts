/** How many records a batch has at most. */
export const maxBatchRecords = 100_000;
