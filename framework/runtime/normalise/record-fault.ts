import type { ErrorCode } from '../../model/error-codes.ts';

/** Why a record is no event. It becomes a dead letter; it is never thrown out of the room. */
export interface RecordFault {
  readonly code: ErrorCode;
  readonly reason: string;
}

/** A fault, or what was asked for. */
export type Outcome<T> =
  | { readonly fault: RecordFault; readonly value?: never }
  | { readonly fault?: never; readonly value: T };

/** An outcome that is a fault. */
export function faulty(code: ErrorCode, reason: string): { readonly fault: RecordFault } {
  return { fault: { code, reason } };
}

/** What a value is, in words. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value) ?? String(value);
  return `the ${typeof value} ${text.length > 100 ? `${text.slice(0, 100)}…` : text}`;
}
