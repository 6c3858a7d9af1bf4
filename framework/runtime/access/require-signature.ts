import type { BundleEnvelope } from '../../model/bundle.ts';
import { isSignedBy } from '../../model/bundle-signature.ts';
import { MargayError } from '../../model/margay-error.ts';

/**
 * Refuses a bundle that nobody trusted has signed. Without keys every bundle will do.
 *
 * @throws ACCESS_BUNDLE_UNTRUSTED
 */
export function requireSignature(envelope: BundleEnvelope, publicKeys: readonly string[] | undefined): void {
  if (publicKeys === undefined || isSignedBy(envelope, publicKeys)) return;
  const { signature, digest } = envelope;
  const isKnown = publicKeys.includes(signature?.key ?? '');
  const found = !signature
    ? 'is not signed'
    : isKnown
      ? 'has a wrong signature'
      : 'is signed with a key not trusted here';
  throw new MargayError('ACCESS_BUNDLE_UNTRUSTED', `Bundle ${digest.slice(0, 80)} ${found}.`, {
    hint: "Publish it with 'margay publish --sign KEYFILE', with a key whose public part is in the runtime's trust file.",
  });
}
