import type { z } from 'zod';
import type { ErrorCode } from '../../model/error-codes.ts';
import { isRecord } from '../../model/path.ts';
import type { FileReport } from '../file-report.ts';
import { suggest } from '../suggest.ts';
import type { YamlPath } from '../yaml/load-yaml.ts';
import { describeExpected, describeFound } from './describe-issue.ts';

type Issue = z.core.$ZodIssue;

/**
 * The value as its schema reads it. Every flaw is reported at its place; the value is then read once more
 * without its flawed parts, so that what depends on the sound ones is checked too. `undefined` when a
 * required part is flawed or missing.
 *
 * @param at - Where the value stands in the file.
 */
export function checkShape<T>(
  schema: z.ZodType<T>,
  value: unknown,
  report: FileReport,
  at: YamlPath = [],
): T | undefined {
  const result = schema.safeParse(value, { error: knownKeys, reportInput: true });
  if (result.success) return result.data;
  const issues = result.error.issues;
  for (const issue of issues) reportIssue(issue, value, report, at);
  const sound = structuredClone(value);
  for (const issue of issues) removeFlaw(sound, issue);
  return schema.safeParse(sound).data;
}

function reportIssue(issue: Issue, value: unknown, report: FileReport, at: YamlPath): void {
  const inner = issue.path as YamlPath;
  const path = [...at, ...inner];
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      const hint = suggest(key, issue.message.split('\n'));
      report.add('COMPILE_KEY_UNKNOWN', [...path, key], `'${key}' is not a key here.`, { atKey: true, hint });
    }
    return;
  }
  const name = inner.length === 0 ? 'This' : `'${formatPath(inner)}'`;
  const found = valueAt(value, inner);
  if (issue.code === 'custom') {
    const params = (issue.params ?? {}) as { readonly code?: ErrorCode; readonly hint?: string };
    report.add(params.code ?? 'COMPILE_VALUE_INVALID', path, issue.message, { hint: params.hint });
  } else if (found === undefined) {
    report.add('COMPILE_KEY_MISSING', path, `The key ${name} is missing: ${describeExpected(issue)}.`, { atKey: true });
  } else {
    const code =
      issue.code === 'invalid_type' || issue.code === 'invalid_union' ? 'COMPILE_TYPE_WRONG' : 'COMPILE_VALUE_INVALID';
    const hint =
      issue.code === 'invalid_value' && typeof found === 'string'
        ? suggest(found, issue.values.map(String))
        : undefined;
    report.add(code, path, `${name} should be ${describeExpected(issue)}, and is ${describeFound(found)}.`, { hint });
  }
}

/** Carries the keys that an object may have from the schema to the report, one a line; else no message. */
function knownKeys(issue: z.core.$ZodRawIssue): string {
  if (issue.code !== 'unrecognized_keys') return '';
  const definition = issue.inst?._zod.def as { readonly shape?: object; readonly keyType?: z.ZodEnum } | undefined;
  return (definition?.keyType?.options?.map(String) ?? Object.keys(definition?.shape ?? {})).join('\n');
}

/** Takes the flawed part out of a copy: unknown keys, a wrong value under an optional key, a wrong element. */
function removeFlaw(copy: unknown, issue: Issue): void {
  if (issue.code === 'unrecognized_keys') {
    const holder = valueAt(copy, issue.path as YamlPath) as Record<string, unknown>;
    for (const key of issue.keys) delete holder[key];
    return;
  }
  const holder = valueAt(copy, issue.path.slice(0, -1) as YamlPath);
  const last = issue.path.at(-1);
  if (last !== undefined && isRecord(holder)) delete (holder as Record<string, unknown>)[String(last)];
}

function valueAt(value: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>((node, step) => {
    if (Array.isArray(node)) return node[step as number];
    return isRecord(node) && Object.hasOwn(node, step) ? node[step] : undefined;
  }, value);
}

function formatPath(path: YamlPath): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${step}`))
    .join('');
}
