import type { FieldUse } from '../../match/index.ts';
import type { ContextType } from '../../model/detection.ts';
import type { Column, SqlType } from '../../model/table.ts';
import { valueAt } from '../schema/salvage.ts';
import type { DetectionDraft } from './draft-detection.ts';

const numbers: readonly SqlType[] = ['BIGINT', 'DOUBLE'];

/** What a context column of a type may be read from without becoming NULL; of `string` and `json`, anything. */
const contextTypes: Readonly<Partial<Record<ContextType, readonly SqlType[]>>> = {
  bigint: ['BIGINT'],
  double: numbers,
  boolean: ['BOOLEAN'],
  timestamp: ['TIMESTAMP'],
};

/**
 * Checks what a detection does with the columns of its query against their types, which SQL gives exactly: a column
 * that is retyped is an error at each user.
 *
 * @param fields - The fields that its condition reads.
 */
export function checkRowTypes(draft: DetectionDraft, columns: readonly Column[], fields: readonly FieldUse[]): void {
  const { data, report } = draft;
  const columnOf = (name: string): Column | undefined => columns.find((column) => column.name === name);
  const wrong = (path: readonly (string | number)[], { name, type }: Column, use: string, hint: string): void => {
    report.add('COMPILE_COLUMN_TYPE', path, `'${name}' is ${type} in the query ${data.query}, and ${use}.`, { hint });
  };
  for (const [position, name] of data.renotify.entries()) {
    const column = columnOf(name);
    if (!column || numbers.includes(column.type) || column.type === 'TIMESTAMP') continue;
    wrong(['renotify', position], column, 'only numbers and times increase', castHint(name, 'BIGINT'));
  }
  for (const [name, { from, type }] of Object.entries(data.context)) {
    const column = from === undefined ? undefined : columnOf(from);
    if (!column || (contextTypes[type]?.includes(column.type) ?? true)) continue;
    wrong(['context', name, 'from'], column, `the context column is ${type}`, contextHint(column, type));
  }
  for (const { field, path } of fields) {
    const column = columnOf(field);
    const key = path.at(-1);
    if (!column || typeof key !== 'string') continue;
    const flaw = misuse(column, key.split('|').slice(1), valueAt(data.detection, path));
    if (flaw) wrong(['detection', ...path], column, flaw.use, castHint(field, flaw.needs));
  }
}

/** Why a test of a column can never hold, and what type it needs; `undefined` when it can. */
function misuse(
  { type }: Column,
  modifiers: readonly string[],
  value: unknown,
): { readonly use: string; readonly needs: SqlType } | undefined {
  const isNumber = numbers.includes(type);
  const withNumber = { use: 'it is compared with a number', needs: 'BIGINT' } as const;
  if (modifiers.some((it) => ['gt', 'gte', 'lt', 'lte'].includes(it))) return isNumber ? undefined : withNumber;
  if (modifiers.includes('cidr')) {
    return type === 'VARCHAR' || type === 'VARCHAR[]' ? undefined : { use: 'an address is a text', needs: 'VARCHAR' };
  }
  if (modifiers.length > 0) return undefined;
  const values = Array.isArray(value) ? value : [value];
  const isOther = type === 'BOOLEAN' || type === 'TIMESTAMP';
  if (isOther && values.some((it) => typeof it === 'number')) return withNumber;
  const isWord = (it: unknown): boolean =>
    typeof it === 'boolean' || (typeof it === 'string' && !/[*?]/.test(it) && !Number.isFinite(Number(it)));
  return isNumber && values.some(isWord) ? { use: 'it is compared with a text', needs: 'VARCHAR' } : undefined;
}

function castHint(name: string, type: SqlType): string {
  return `Write CAST(… AS ${type}) AS ${name} in the query, or change it here.`;
}

function contextHint({ name, type }: Column, wanted: ContextType): string {
  const fitting =
    (Object.keys(contextTypes) as ContextType[]).find((it) => contextTypes[it]?.includes(type)) ?? 'string';
  return `Write 'type: ${fitting}', or CAST(… AS ${wanted.toUpperCase()}) AS ${name} in the query.`;
}
