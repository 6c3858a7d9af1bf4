import { MargayError } from '../../model/margay-error.ts';

/** A bound on the bytes that all requests together may hold in memory. */
export interface ByteBudget {
  /** @throws API_BUSY when so many bytes are not left. */
  take(bytes: number): void;
  give(bytes: number): void;
}

/** Opens a budget. */
export function openBudget(maxBytes: number): ByteBudget {
  let taken = 0;
  return {
    take: (bytes) => {
      if (taken + bytes > maxBytes) {
        throw new MargayError('API_BUSY', 'The runtime holds as many request bodies as it can.', {
          hint: 'Send the same request again in a moment, with the same Idempotency-Key.',
        });
      }
      taken += bytes;
    },
    give: (bytes) => {
      taken -= bytes;
    },
  };
}
