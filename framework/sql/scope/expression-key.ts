import { isRecord } from '../../model/path.ts';
import type { ColumnRef, Expression } from '../ast/ast.ts';
import type { Binding, BoundColumn, Source } from './bound.ts';

/**
 * Text that is equal for expressions of one SELECT that mean the same: aliases are followed, names stand for
 * their columns however they are written.
 */
export function expressionKey(expression: Expression, columns: ReadonlyMap<ColumnRef, Binding>): string {
  return JSON.stringify(expression, (name, value: unknown) => {
    if (name === 'query_location' || name === 'alias') return undefined;
    if (!isRecord(value) || value.class !== 'COLUMN_REF') return value;
    const binding = columns.get(value as unknown as ColumnRef);
    if (binding === undefined) return value;
    if (binding.kind === 'alias') return JSON.parse(expressionKey(binding.expression, columns)) as unknown;
    return keyOf(binding);
  });
}

/** As {@link expressionKey}, of a column that is read as a whole. */
export function columnKey(binding: ColumnBinding): string {
  return JSON.stringify(keyOf({ ...binding, field: undefined }));
}

/** As {@link expressionKey}, of a column that `*` stands for. */
export function starredKey(source: Source, column: BoundColumn): string {
  return JSON.stringify(keyOf({ kind: 'column', source, column, depth: 0 }));
}

type ColumnBinding = Extract<Binding, { kind: 'column' }>;

function keyOf({ source, column, field, depth }: ColumnBinding): unknown {
  return { column: columnName(source, column, field), depth };
}

function columnName(source: Source, column: BoundColumn, field: string | undefined): readonly unknown[] {
  return [source.name.toLowerCase(), column.name, ...(field === undefined ? [] : [field])];
}
