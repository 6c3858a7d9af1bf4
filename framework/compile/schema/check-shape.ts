import type { z } from 'zod';
import type { ErrorCode } from '../../model/error-codes.ts';
import { nearest, suggest } from '../../model/suggest.ts';
import type { FileReport } from '../file-report.ts';
import type { YamlPath } from '../yaml/load-yaml.ts';
import { describeExpected, describeFound } from './describe-issue.ts';
import { salvage, valueAt } from './salvage.ts';

type Issue = z.core.$ZodIssue;

/**
 * The value as its schema reads it. Every flaw is reported at its place; the value is then read again without
 * its flawed parts, so that what depends on the sound ones is checked too. `undefined` when too little is left.
 *
 * @param at - Where the value stands in the file.
 * @param standIns - Values to go on with where a required key is flawed or missing.
 */
export function checkShape<T>(
  schema: z.ZodType<T>,
  value: unknown,
  report: FileReport,
  at: YamlPath = [],
  standIns: Readonly<Record<string, unknown>> = {},
): T | undefined {
  const result = schema.safeParse(value, { error: knownKeys, reportInput: true });
  if (result.success) return result.data;
  for (const issue of result.error.issues) reportIssue(issue, value, report, at);
  return salvage(schema, structuredClone(value), result.error.issues, standIns);
}

function reportIssue(issue: Issue, value: unknown, report: FileReport, at: YamlPath): void {
  const inner = issue.path as YamlPath;
  const path = [...at, ...inner];
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      const known = issue.message.split('\n');
      const hint = suggest(key, known);
      report.flaw([...path, nearest(key, known) ?? key]);
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
    report.add('COMPILE_KEY_MISSING', path, `The key ${name} is missing; ${describeExpected(issue)} was expected.`, {
      atKey: true,
    });
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

function formatPath(path: YamlPath): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${step}`))
    .join('');
}
