import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import type { BundleEnvelope } from './bundle.ts';
import { MargayError } from './margay-error.ts';

const prefix = 'ed25519:';

/** A new pair of Ed25519 keys: the private one as PEM, the public one as one writes it into a trust file. */
export function drawKeyPair(): { readonly privateKey: string; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey: String(privateKey.export({ format: 'pem', type: 'pkcs8' })), publicKey: textOf(publicKey) };
}

/** The envelope with a signature over its digest and commit. @throws MODEL_SIGN_KEY_INVALID */
export function signBundle(envelope: BundleEnvelope, privateKeyPem: string): BundleEnvelope {
  const key = parsePrivateKey(privateKeyPem);
  const value = sign(null, signedText(envelope), key).toString('base64');
  return { ...envelope, signature: { key: textOf(createPublicKey(key)), value } };
}

/** Whether an envelope is signed, rightly, with one of the keys. */
export function isSignedBy(envelope: BundleEnvelope, publicKeys: readonly string[]): boolean {
  const { signature } = envelope;
  if (!signature || !publicKeys.includes(signature.key)) return false;
  const x = Buffer.from(signature.key.slice(prefix.length), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, signedText(envelope), key, Buffer.from(signature.value, 'base64'));
}

/** Whether a text is a public key. */
export function isPublicKey(text: string): boolean {
  return /^ed25519:[A-Za-z0-9+/]{43}=$/.test(text);
}

/** A digest has no line break; what follows the second one is the commit, so no two pairs give the same text. */
function signedText({ digest, commit }: BundleEnvelope): Buffer {
  return Buffer.from(`margay bundle 1\n${digest}\n${commit ?? ''}`);
}

function parsePrivateKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // No word of what is wrong: it may quote the key.
  }
  throw new MargayError('MODEL_SIGN_KEY_INVALID', 'The signing key is no private Ed25519 key as PEM.', {
    hint: "'margay key create FILE' makes one.",
  });
}

function textOf(key: KeyObject): string {
  return `${prefix}${Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')}`;
}
