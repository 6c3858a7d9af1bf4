import type { EnvReference } from '../../model/destination.ts';
import type { ErrorCode } from '../../model/error-codes.ts';
import { isRecord } from '../../model/path.ts';
import { suggest } from '../../model/suggest.ts';

/** A setting of a plug-in. A `secret` comes from the environment, never from the configuration itself. */
export interface SettingShape {
  readonly kind: 'text' | 'secret' | 'text-or-secret' | 'headers';
  readonly isRequired: boolean;
}

/** The settings of a plug-in by name. */
export type SettingsShape = Readonly<Record<string, SettingShape>>;

/** What is wrong with a setting. */
export interface SettingProblem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Settings with the secrets filled in; only for the time of a send. */
export interface ResolvedSettings {
  readonly texts: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** By the name of the variable, to keep their values out of texts. */
  readonly secrets: ReadonlyMap<string, string>;
}

/** Whether a value stands for a variable of the environment. */
export function isEnvReference(value: unknown): value is EnvReference {
  return isRecord(value) && typeof value.env === 'string' && value.env !== '';
}

/** Everything wrong with settings, whatever the environment holds. */
export function findSettingProblems(
  shape: SettingsShape,
  settings: Readonly<Record<string, unknown>>,
): readonly SettingProblem[] {
  const unknown = Object.keys(settings).filter((name) => !Object.hasOwn(shape, name));
  return [
    ...unknown.map((name) => invalid(`There is no setting '${name}'.`, suggest(name, Object.keys(shape)))),
    ...Object.entries(shape).flatMap(([name, setting]) => findSettingProblem(name, setting, settings[name])),
  ];
}

/** The variables that settings name, sorted, each once. */
export function namedVariables(settings: unknown): readonly string[] {
  if (isEnvReference(settings)) return [settings.env];
  if (!isRecord(settings)) return [];
  return [...new Set(Object.values(settings).flatMap(namedVariables))].sort();
}

/** The value of a variable; `undefined` when it is unset or blank. */
export function readVariable(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

/** Settings with the secrets filled in, or why that is not possible. */
export function resolveSettings(
  shape: SettingsShape,
  settings: Readonly<Record<string, unknown>>,
  env: NodeJS.ProcessEnv,
): { readonly resolved: ResolvedSettings } | { readonly problem: SettingProblem } {
  const [problem] = findSettingProblems(shape, settings);
  if (problem) return { problem };
  const secrets = new Map<string, string>();
  for (const name of namedVariables(settings)) {
    const value = readVariable(env, name);
    if (value === undefined) return { problem: missingSecret(name) };
    secrets.set(name, value);
  }
  const [badHeader] = headerVariables(shape, settings).filter((name) => !isHeaderValue(secrets.get(name)));
  if (badHeader !== undefined) {
    return {
      problem: invalid(`The variable ${badHeader} cannot be sent as a header: it is not one line of Latin text.`),
    };
  }
  const fill = (value: unknown): string => (isEnvReference(value) ? (secrets.get(value.env) ?? '') : String(value));
  const named = Object.entries(settings).filter(([, value]) => value !== undefined);
  const texts = named.filter(([name]) => shape[name]?.kind !== 'headers').map(([name, value]) => [name, fill(value)]);
  const headers = named
    .filter(([name]) => shape[name]?.kind === 'headers')
    .flatMap(([, value]) => Object.entries(value as object).map(([header, content]) => [header, fill(content)]));
  return { resolved: { texts: Object.fromEntries(texts), headers: Object.fromEntries(headers), secrets } };
}

function findSettingProblem(name: string, shape: SettingShape, value: unknown): readonly SettingProblem[] {
  if (value === undefined) return shape.isRequired ? [invalid(`The setting '${name}' is missing.`)] : [];
  const isText = typeof value === 'string' && value !== '';
  switch (shape.kind) {
    case 'text':
      return isText ? [] : [invalid(`The setting '${name}' is not a text.`)];
    case 'secret':
      return isEnvReference(value)
        ? []
        : [invalid(`The setting '${name}' is a secret and comes from the environment.`, `Write ${name}: env('NAME').`)];
    case 'text-or-secret':
      return isText || isEnvReference(value)
        ? []
        : [invalid(`The setting '${name}' is neither a text nor env('NAME').`)];
    case 'headers':
      return isRecord(value)
        ? Object.entries(value).flatMap(([header, content]) => findHeaderProblem(header, content))
        : [invalid(`The setting '${name}' is not an object of headers.`)];
  }
}

const ownHeaders = ['content-type', 'content-length', 'host', 'idempotency-key', 'margay-signature'];

function findHeaderProblem(header: string, value: unknown): readonly SettingProblem[] {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(header)) return [invalid(`'${header}' is not the name of a header.`)];
  if (ownHeaders.includes(header.toLowerCase())) return [invalid(`The header '${header}' is set by Margay itself.`)];
  if (isEnvReference(value) || isHeaderValue(value)) return [];
  return [invalid(`The header '${header}' is neither one line of Latin text nor env('NAME').`)];
}

function isHeaderValue(value: unknown): boolean {
  return typeof value === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

function headerVariables(shape: SettingsShape, settings: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(settings).flatMap(([name, value]) =>
    shape[name]?.kind === 'headers' ? namedVariables(value) : [],
  );
}

function invalid(message: string, hint?: string): SettingProblem {
  return { code: 'DELIVER_SETTING_INVALID', message, hint };
}

function missingSecret(name: string): SettingProblem {
  return {
    code: 'DELIVER_SECRET_MISSING',
    message: `The variable ${name} is not set where the runtime runs.`,
    hint: `Start the runtime with ${name} set: what waits for it is sent then.`,
  };
}
