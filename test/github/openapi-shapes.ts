import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Json } from './github-state.ts';

interface Operation {
  readonly parameters?: readonly Json[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> };
  readonly responses: Readonly<Record<string, Json>>;
}

/** Holds requests and responses against the official description. */
export interface Shapes {
  /** What is wrong with a request, in words. */
  request(operation: string, query: URLSearchParams, body: Json): readonly string[];
  /** Fills what the description requires and a handler left out, and says what is wrong with the rest. */
  response(
    operation: string,
    status: number,
    body: unknown,
  ): { readonly body: unknown; readonly wrong: readonly string[] };
}

const place = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const source = place('node_modules/@octokit/openapi/generated/api.github.com.json');
/** Only what the server answers; in a folder that git ignores and `npm ci` empties. */
const cached = place('node_modules/.cache/api-slice.json');

/** The shapes of these operations (`METHOD /path`); `undefined` where the package with the description is not installed. */
export function openShapes(operations: readonly string[]): Shapes | undefined {
  if (!existsSync(source)) return undefined;
  const slice = readSlice(operations);
  const load = createRequire(import.meta.url);
  const Ajv = load('ajv').default;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  load('ajv-formats').default(ajv);
  for (const format of ['repo.nwo', 'timestamp', 'ssh-url']) ajv.addFormat(format, true);
  // The description itself has "" as the default of some addresses.
  ajv.addFormat('uri', (text: string) => text === '' || URL.canParse(text));
  ajv.addSchema({ $id: 'api', ...slice });
  const check = (pointer: string, value: unknown): readonly string[] => {
    const validate = ajv.getSchema(`api#${pointer}`) ?? ajv.compile({ $ref: `api#${pointer}` });
    if (validate(value)) return [];
    return validate.errors.map((it: Json) => `${it.instancePath || 'the body'} ${it.message}`);
  };
  const at = (name: string) => slice.operations[name] as Operation;
  const schemaAt = (name: string, status: number) =>
    (at(name).responses[status]?.content as Json | undefined)?.['application/json'] as { schema: Json } | undefined;
  return {
    request(name, query, body) {
      const allowed = new Set((at(name).parameters ?? []).map((it) => resolve(slice, it).name));
      const wrong = [...query.keys()].filter((key) => !allowed.has(key)).map((key) => `unknown parameter '${key}'`);
      const schema = at(name).requestBody?.content['application/json']?.schema;
      if (!schema) return wrong;
      // The description does not forbid other keys, so that a typo would pass.
      const known = knownKeys(slice, schema);
      const unknown = Object.keys(body).filter((key) => known.size > 0 && !known.has(key));
      const pointer = `/operations/${pointerPart(name)}/requestBody/content/application~1json/schema`;
      return [...wrong, ...unknown.map((key) => `unknown key '${key}'`), ...check(pointer, body)];
    },
    response(name, status, body) {
      const schema = schemaAt(name, status)?.schema;
      if (!schema) return { body, wrong: at(name).responses[status] ? [] : [`${status} is not described`] };
      const full = fill(slice, schema, body);
      const pointer = `/operations/${pointerPart(name)}/responses/${status}/content/application~1json/schema`;
      return { body: full, wrong: check(pointer, full) };
    },
  };
}

interface Slice {
  readonly operations: Record<string, unknown>;
  readonly components: Record<string, Record<string, unknown>>;
}

function readSlice(operations: readonly string[]): Slice {
  if (existsSync(cached)) {
    const slice = JSON.parse(readFileSync(cached, 'utf8')) as Slice;
    if (operations.every((name) => name in slice.operations)) return slice;
  }
  const whole = JSON.parse(readFileSync(source, 'utf8'));
  const slice: Slice = { operations: {}, components: {} };
  const take = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(take);
    if (typeof value !== 'object' || value === null) return value;
    const { example, examples, 'x-github': _, ...rest } = value as Json;
    if (typeof rest.$ref === 'string' && rest.$ref.startsWith('#/components/')) {
      const [, , group = '', name = ''] = rest.$ref.split('/');
      slice.components[group] ??= {};
      const known = slice.components[group] as Json;
      if (!(name in known)) {
        known[name] = null;
        known[name] = take(whole.components[group][name]);
      }
      return { $ref: `api${rest.$ref}` };
    }
    const taken = Object.fromEntries(Object.entries(rest).map(([key, it]) => [key, take(it)])) as Json;
    if (taken.nullable !== true) return taken;
    const { nullable, ...schema } = taken;
    return { anyOf: [{ type: 'null' }, schema] };
  };
  for (const name of operations) {
    const [method = '', path = ''] = name.split(' ');
    const found = whole.paths[path]?.[method.toLowerCase()];
    if (!found) throw new Error(`GitHub does not describe '${name}'.`);
    slice.operations[name] = take({
      parameters: found.parameters,
      requestBody: found.requestBody,
      responses: found.responses,
    });
  }
  mkdirSync(dirname(cached), { recursive: true });
  writeFileSync(cached, JSON.stringify(slice));
  return slice;
}

function resolve(slice: Slice, value: Json): Json {
  if (typeof value?.$ref !== 'string') return value;
  const [, , group = '', name = ''] = value.$ref.split('/');
  return resolve(slice, slice.components[group]?.[name] as Json);
}

function knownKeys(slice: Slice, given: Json): Set<string> {
  const schema = resolve(slice, given);
  const parts = [schema.oneOf, schema.anyOf, schema.allOf].flatMap((it) => (it ?? []) as Json[]);
  return new Set([...Object.keys(schema.properties ?? {}), ...parts.flatMap((part) => [...knownKeys(slice, part)])]);
}

/** The smallest value of a schema, overlaid with what the state says. */
function fill(slice: Slice, given: Json, value: unknown): unknown {
  const schema = resolve(slice, given);
  const choice = ((schema.oneOf ?? schema.anyOf) as Json[] | undefined)?.find(
    (it) => value === undefined || resolve(slice, it).type !== 'null',
  );
  if (choice) return value === null ? null : fill(slice, choice, value);
  if (schema.allOf) {
    const parts = (schema.allOf as Json[]).map((part) => fill(slice, part, value));
    return parts.every(isObject) ? Object.assign({}, ...parts) : parts[0];
  }
  if (value === null) return null;
  if (schema.type === 'array') return ((value ?? []) as unknown[]).map((it) => fill(slice, schema.items as Json, it));
  if (schema.type === 'object' || schema.properties) {
    if (value !== undefined && !isObject(value)) return value;
    const said = (value ?? {}) as Json;
    const properties = (schema.properties ?? {}) as Record<string, Json>;
    const names = new Set([...((schema.required ?? []) as string[]), ...Object.keys(said)]);
    return Object.fromEntries(
      [...names].map((name) => [name, properties[name] ? fill(slice, properties[name], said[name]) : said[name]]),
    );
  }
  return value ?? smallest(schema);
}

function smallest(schema: Json): unknown {
  if (schema.type === 'null') return null;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.type === 'integer' || schema.type === 'number') return 1;
  if (schema.type === 'boolean') return false;
  if (schema.format === 'uri') return 'https://github.example.com/';
  if (schema.format === 'date-time') return '2026-01-01T00:00:00Z';
  if (schema.format === 'email') return 'mira@example.com';
  return '';
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pointerPart(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
