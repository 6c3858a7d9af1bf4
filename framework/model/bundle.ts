import type { Routing } from './destination.ts';
import type { Detection } from './detection.ts';
import type { LogType } from './log-type.ts';
import type { Lookup } from './lookup.ts';
import type { ScheduledQuery } from './scheduled-query.ts';

/**
 * The compiled, immutable, content-addressed artifact that a runtime runs. Its digest is SHA-256 over its
 * canonical JSON; the same content gives the same bytes on any machine.
 */
export interface Bundle {
  readonly format: 1;
  /** The version of Margay that compiled it. */
  readonly margay: string;
  /** Sorted by name. */
  readonly logTypes: readonly LogType[];
  /** Sorted by id. */
  readonly detections: readonly Detection[];
  /** Sorted by id. */
  readonly queries: readonly ScheduledQuery[];
  /** Sorted by id. */
  readonly lookups: readonly Lookup[];
  readonly routing: Routing;
  /** Standard table → how long its rows are kept, in milliseconds. Those that are not named are kept for ever. */
  readonly retention: Readonly<Record<string, number>>;
  /** A script whose value is an object: detection id → its functions. `''` when there is no TypeScript. */
  readonly code: string;
}

/** A bundle on its way: the exact bytes, and what is known about them but not part of them. */
export interface BundleEnvelope {
  readonly digest: string;
  /** The canonical JSON text of the {@link Bundle}. */
  readonly content: string;
  /** The commit it was compiled from, when known. */
  readonly commit?: string | undefined;
  /** Over digest and commit. */
  readonly signature?: BundleSignature | undefined;
}

/** Whose word stands for a bundle: a signature over its digest and commit. */
export interface BundleSignature {
  /** The public key, `ed25519:` and 32 bytes in base64. */
  readonly key: string;
  /** In base64. */
  readonly value: string;
}
