import { z } from 'zod';
import { isPublicKey } from '../../model/bundle-signature.ts';
import { MargayError, type Problem } from '../../model/margay-error.ts';
import type { Trust } from '../../model/trust.ts';

/** Keys that travel unencrypted could be anybody's. */
const issuer = z.url({ protocol: /^https?$/ }).refine(
  (text) => {
    const { protocol, hostname } = new URL(text);
    return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  },
  { error: 'Expected an https URL' },
);
const id = z.string().regex(/^\d+$/, { error: 'Expected the number of the id, as text' });
const text = z.string().min(1).max(1_000);

const trust: z.ZodType<Trust> = z.strictObject({
  publicKeys: z
    .array(z.string().refine(isPublicKey, { error: "Expected 'ed25519:…', as 'margay key create' prints it" }))
    .min(1)
    .optional(),
  github: z
    .strictObject({
      issuer: issuer.default('https://token.actions.githubusercontent.com'),
      audience: text,
      repositoryId: id,
      repositoryOwnerId: id,
      ref: text.startsWith('refs/'),
      environment: text,
      jobWorkflowRef: text.includes('@'),
      eventNames: z.array(text).min(1).default(['push']),
      jwks: z.object({ keys: z.array(z.record(z.string(), z.unknown())).min(1) }).optional(),
    })
    .optional(),
});

/**
 * Whom a runtime trusts, from the JSON text of a trust file.
 *
 * @param file - What it is called in problems.
 * @throws ACCESS_TRUST_INVALID with every problem.
 */
export function parseTrust(json: string, file: string): Trust {
  const checked = trust.safeParse(parse(json, file));
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(({ path, message }): Problem => {
    return { code: 'ACCESS_TRUST_INVALID', message: `'${path.join('.')}': ${message}.`, severity: 'error' };
  });
  throw invalid(file, problems.map((problem) => problem.message).join(' '), { problems });
}

function parse(json: string, file: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw invalid(file, `It is not JSON: ${(cause as Error).message}.`, { cause });
  }
}

function invalid(
  file: string,
  found: string,
  details: { problems?: readonly Problem[]; cause?: unknown },
): MargayError {
  return new MargayError('ACCESS_TRUST_INVALID', `The trust file '${file}' is not of the expected shape. ${found}`, {
    ...details,
    hint: "The README shows one, under 'Who may ask'.",
  });
}
