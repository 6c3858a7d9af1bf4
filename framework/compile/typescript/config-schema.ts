import { z } from 'zod';
import { errorCodes } from '../../model/error-codes.ts';
import { isLevel, levels } from '../../model/level.ts';
import { type PolicyCode, policySeverities } from '../../model/plan.ts';
import { standardTableNames } from '../../model/standard-table-names.ts';
import { suggest } from '../../model/suggest.ts';
import { logTypeSettingsSchema, retention } from '../schema/log-type-settings.ts';

const policyCodes = Object.keys(errorCodes).filter((code): code is PolicyCode => code.startsWith('PLAN_'));

/** What `env('NAME')` gives. */
const envReference = z.strictObject(
  { env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable, such as `WEBHOOK_TOKEN`') },
  { error: "`env('NAME')`" },
);

/** A value that the bundle must not hold, only the runtime's environment. Its text is in no message. */
const secret = (example: string) =>
  z
    .unknown()
    .check((context) => {
      if (typeof context.value === 'string') context.issues.push(secretInPlainText(context.value, example));
    })
    .pipe(envReference);

const level = z.string().check((context) => {
  if (isLevel(context.value.replace(/\+$/, ''))) return;
  const message = `'${context.value}' is no level; one of ${levels.join(', ')}, or with all above it, such as 'medium+', was expected.`;
  context.issues.push({ code: 'custom', message, input: context.value });
});

const selective = { levels: z.array(level).default(['low+']) };

const url = z.union([z.string(), envReference], { error: "an address or `env('NAME')`" }).check((context) => {
  const { value } = context;
  if (typeof value !== 'string') return;
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) {
    const message = "The address of a webhook begins with 'https://' or 'http://'.";
    context.issues.push({ code: 'custom', message, input: value });
  } else if (carriesSecret(new URL(value))) {
    context.issues.push(secretInPlainText(value, 'WEBHOOK_URL'));
  }
});

const headers = z
  .record(
    z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'the name of a header'),
    z.union([z.string(), envReference], { error: "a text or `env('NAME')`" }),
  )
  .check((context) => {
    for (const [name, value] of Object.entries(context.value)) {
      if (typeof value === 'string' && authorises(name, value)) {
        context.issues.push({ ...secretInPlainText(value, 'WEBHOOK_TOKEN'), path: [name] });
      }
    }
  });

/** The settings of each kind of destination, besides its `type`. */
export const destinationSchemas = {
  stdout: z.strictObject({ type: z.literal('stdout'), ...selective }),
  file: z.strictObject({ type: z.literal('file'), path: z.string().min(1), ...selective }),
  slack: z.strictObject({ type: z.literal('slack'), webhookUrl: secret('SLACK_WEBHOOK_URL'), ...selective }),
  webhook: z.strictObject({
    type: z.literal('webhook'),
    url,
    headers: headers.optional(),
    secret: secret('WEBHOOK_SECRET').optional(),
    ...selective,
  }),
} as const;

/** A kind of destination. */
export type DestinationType = keyof typeof destinationSchemas;

const destinationName = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/, "a name of letters, digits, '-' and '_'");

const policy = z.enum(policyCodes, { error: (issue) => unknownPolicy(issue.input) });

const lastDay = z
  .string()
  .refine((text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isDay(text), "a day, such as '2026-12-31'");

/** A finding of a policy that the team accepts for a time. */
const waiver = z.strictObject({ policy, item: z.string().min(1), reason: z.string().trim().min(1), until: lastDay });

/** `margay.config.ts`; each destination is checked further by the schema of its type. */
export const configSchema = z.strictObject({
  destinations: z.record(destinationName, z.unknown()),
  default: z.string().optional(),
  logTypes: z.record(z.string(), logTypeSettingsSchema).default({}),
  policies: z.partialRecord(policy, z.enum([...policySeverities, 'off'])).default({}),
  waivers: z.array(waiver).default([]),
  tables: z.partialRecord(z.enum(standardTableNames), z.strictObject({ retention })).default({}),
});

function unknownPolicy(input: unknown): string {
  const hint = typeof input === 'string' ? suggest(input, policyCodes) : undefined;
  return `the code of a policy. ${hint ?? ''}`.trim();
}

function isDay(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text);
}

function secretInPlainText(input: unknown, example: string): z.core.$ZodRawIssue<z.core.$ZodIssueCustom> {
  return {
    code: 'custom',
    input,
    message: 'A secret stands here in plain text. In git and in the bundle it would be everybody’s.',
    params: {
      code: 'COMPILE_CONFIG_SECRET',
      hint: `Write \`env('${example}')\` and set the variable where the runtime runs.`,
    },
  };
}

/** Whether a header's name or value is one that authorises its sender. */
function authorises(name: string, value: string): boolean {
  return (
    /auth|token|secret|api-?key|cookie|password|credential|signature/i.test(name) ||
    /^(basic|bearer|token|apikey) /i.test(value)
  );
}

function carriesSecret({ username, password, hostname, searchParams }: URL): boolean {
  if (username !== '' || password !== '' || hostname === 'hooks.slack.com') return true;
  return [...searchParams.keys()].some((name) => authorises(name, '') || /^(key|sig|code)$/i.test(name));
}
