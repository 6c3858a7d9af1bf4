import { z } from 'zod';
import { parseDuration } from '../../model/duration.ts';
import { MargayError } from '../../model/margay-error.ts';
import { parsePath } from '../../model/path.ts';
import { parseTemplate } from '../../model/template.ts';

/** A text that says something. */
export const text = z.string().trim().min(1);

/** One text or a list of them, as a list. */
export const textList = z
  .union([text, z.array(text)], { error: 'a text or a list of texts' })
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** `1h`, `30d`: milliseconds. */
export const duration = z.string({ error: "a duration such as '1h' or '30d'" }).transform((value, context) => {
  const durationMs = attempt(() => parseDuration(value), value, context);
  return durationMs ?? z.NEVER;
});

/** `actor.alternateId`, `target[0].displayName`. */
export const fieldPath = z.string({ error: "a field path such as 'actor.id'" }).check((context) => {
  attempt(() => parsePath(context.value), context.value, context);
});

/** A text with `{paths}`. */
export const template = z.string().check((context) => {
  attempt(() => parseTemplate(context.value), context.value, context);
});

/** Runs a parser of the model; its error becomes a schema issue that keeps code and hint. */
function attempt<T>(parse: () => T, input: unknown, context: { issues: z.core.$ZodRawIssue[] }): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof MargayError)) throw error;
    const params = { code: error.code, hint: error.hint };
    context.issues.push({ code: 'custom', message: error.message, input, params });
    return undefined;
  }
}
