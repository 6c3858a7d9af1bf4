import { createHash, randomBytes } from 'node:crypto';

const form = /^(margay_([0-9a-f]{12})_[0-9a-f]{64})([0-9a-f]{8})$/;

/**
 * The text of a new token: `margay_`, its id, 256 random bits, and a checksum. Prefix and checksum let a secret
 * scanner tell a token from anything else, without asking the runtime.
 */
export function drawToken(): { readonly id: string; readonly text: string } {
  const id = randomBytes(6).toString('hex');
  const body = `margay_${id}_${randomBytes(32).toString('hex')}`;
  return { id, text: `${body}${checksumOf(body)}` };
}

/** The id in a token; `undefined` when it is none, or was cut short or mistyped. */
export function idOfToken(text: string): string | undefined {
  const [, body = '', id, checksum] = form.exec(text) ?? [];
  return checksumOf(body) === checksum ? id : undefined;
}

/** What is kept of a token. It has 256 random bits, so that a plain hash cannot be searched. */
export function hashOfToken(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function checksumOf(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 8);
}
