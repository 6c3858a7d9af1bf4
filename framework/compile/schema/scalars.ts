import { z } from 'zod';
import { parseDuration } from '../../model/duration.ts';
import { MargayError } from '../../model/margay-error.ts';
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

/** `actor.alternateId`, `target[0].displayName`; its form is checked together with whether there is such a field. */
export const fieldPath = z.string({ error: "a field path such as 'actor.id'" });

/** A text with `{paths}`. */
export const template = z.string().check((context) => {
  attempt(() => parseTemplate(context.value), context.value, context);
});

/** The id of a detection or query: its path below its folder, without the ending. */
export const contentId = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/, "a path such as 'okta/admin-role-granted'");

/** The path of a fixture, or the record itself. */
export const fixtureOrRecord = z.union([text, z.record(z.string(), z.unknown())], {
  error: "the path of a fixture, such as 'fixtures/okta/session-start.json', or a record",
});

/** RFC 3339, as ISO 8601 in UTC with milliseconds. */
export const instant = z.string().transform((value, context) => {
  const complete = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(value);
  const timeMs = complete ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(timeMs)) return new Date(timeMs).toISOString();
  const params = { hint: "Write it as '2026-01-15T12:00:00Z'." };
  context.issues.push({ code: 'custom', message: `'${value}' is not a time with its offset.`, input: value, params });
  return z.NEVER;
});

/** `-20d`, `+6h`, `0`: milliseconds from time zero. */
export const offsetFromNow = z
  .union([z.literal(0), z.string()], { error: "a time from now, such as '-20d', '+6h' or '0'" })
  .transform((value, context) => {
    const parts = /^\s*([+-]?)\s*(.*)$/s.exec(String(value)) as RegExpExecArray;
    if (parts[2] === '0') return 0;
    const offsetMs = attempt(() => parseDuration(parts[2] as string), value, context);
    if (offsetMs === undefined) return z.NEVER;
    return parts[1] === '-' ? -offsetMs : offsetMs;
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
