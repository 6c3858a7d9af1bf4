/** What is bad after so many bad records of a batch becomes one dead letter together. */
export const maxDeadLetters = 1_000;

/** A longer record becomes a dead letter; it is not parsed. */
export const maxRecordBytes = 1_048_576;

/** A record nested deeper becomes a dead letter. */
export const maxDepth = 64;

/** How many values a `p_any_*` field holds at most. */
export const maxIndicators = 500;

/** A longer value is no indicator. */
export const maxIndicatorLength = 2_048;

/** An event time further ahead of the parse time is not believed. */
export const maxAheadMs = 86_400_000;

/** How much of a record a dead letter shows. */
export const previewLength = 4_096;

/** How much of a record that was too long a dead letter shows. */
export const shortPreviewLength = 256;
