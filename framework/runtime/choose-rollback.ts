import { MargayError } from '../model/margay-error.ts';
import type { Activation } from './activation.ts';
import type { LiveChannel } from './live-channel.ts';

/**
 * The digest that a rollback goes to: the one asked for, or what was live before the live bundle was published, so
 * that one rollback after another goes further back.
 *
 * @param past - Oldest first.
 * @throws API_BUNDLE_UNKNOWN when the one asked for was never live, or longer ago than is kept, or could be several.
 * @throws API_ROLLBACK_IMPOSSIBLE when it is live, or nothing was live before.
 */
export function chooseRollback(
  past: readonly Activation[],
  live: LiveChannel | undefined,
  to: string | undefined,
): string {
  if (to !== undefined) {
    const [digest, another] = [...new Set(past.map((it) => it.digest))].filter((it) => isMeant(it, to));
    if (digest === undefined || another !== undefined) throw unknownBundle(to);
    if (digest === live?.digest) throw impossible(`${digest} is live already.`);
    return digest;
  }
  const published = past.findLastIndex(({ digest, action }) => digest === live?.digest && action !== 'rollback');
  const before = past.slice(0, Math.max(published, 0)).findLast(({ digest }) => digest !== live?.digest);
  if (before) return before.digest;
  throw impossible('Nothing that is kept was live before.');
}

/** A digest, or a unique beginning of it of at least 8 digits, with or without `sha256:`. */
function isMeant(digest: string, text: string): boolean {
  const digits = text.replace(/^sha256:/, '');
  return digits.length >= 8 && digest.startsWith(`sha256:${digits}`);
}

/** The error of a digest that names nothing here. */
export function unknownBundle(digest: string): MargayError {
  return new MargayError('API_BUNDLE_UNKNOWN', `This runtime holds no bundle ${digest.slice(0, 80)}.`, {
    hint: "See what was live with 'margay history'.",
  });
}

function impossible(message: string): MargayError {
  return new MargayError('API_ROLLBACK_IMPOSSIBLE', message, { hint: "See what was live with 'margay history'." });
}
