import type { Bundle, BundleEnvelope } from '../model/bundle.ts';
import { MargayError } from '../model/margay-error.ts';
import { openBundle } from '../model/open-bundle.ts';
import type { State } from '../model/state.ts';
import { requireSignature } from './access/index.ts';
import { type BundleCatalog, catalogBundle } from './bundle-catalog.ts';

/** Keeps bundles by digest: stored once, opened and indexed once. */
export interface BundleStore {
  /** Stores an envelope. The bytes were verified by whoever opened it. */
  save(envelope: BundleEnvelope): Promise<void>;
  /**
   * The bundle in an envelope from outside.
   *
   * @throws ACCESS_BUNDLE_UNTRUSTED, COMPILE_BUNDLE_DIGEST, COMPILE_BUNDLE_INVALID
   */
  verify(envelope: BundleEnvelope): Bundle;
  /** @throws RUNTIME_BUNDLE_MISSING when nothing is stored under the digest, ACCESS_BUNDLE_UNTRUSTED */
  load(digest: string): Promise<BundleCatalog>;
}

/** The live bundle, the one before, and those that consumers are still at: the rest is read again when asked for. */
const keptOpen = 4;

/** The bundles in a state. With public keys, those that are not signed with one of them are refused, on every way. */
export function createBundleStore(state: State, publicKeys?: readonly string[]): BundleStore {
  const opened = new Map<string, Promise<BundleCatalog>>();
  const open = async (digest: string): Promise<BundleCatalog> => {
    const envelope = await state.get<BundleEnvelope>('bundle', digest);
    if (!envelope) {
      throw new MargayError('RUNTIME_BUNDLE_MISSING', `Bundle ${digest} is not stored here.`, {
        hint: "Publish the content again with 'margay publish'.",
      });
    }
    requireSignature(envelope, publicKeys);
    return catalogBundle(digest, openBundle(envelope));
  };
  return {
    verify: (envelope) => {
      requireSignature(envelope, publicKeys);
      return openBundle(envelope);
    },
    save: (envelope) => state.commit({ put: [{ space: 'bundle', key: envelope.digest, value: envelope }] }),
    load: (digest) => {
      const known = opened.get(digest) ?? open(digest);
      opened.delete(digest);
      opened.set(digest, known);
      for (const old of [...opened.keys()].slice(0, -keptOpen)) opened.delete(old);
      known.catch(() => opened.delete(digest));
      return known;
    },
  };
}
