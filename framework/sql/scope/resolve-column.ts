import type { ColumnRef } from '../ast/ast.ts';
import type { Report } from '../sql-problem.ts';
import type { Binding, BoundColumn, Scope, Source } from './bound.ts';
import { columnOf, sourceNamed } from './look-up.ts';
import { reportUnknownColumn } from './report-unknown-column.ts';

type Found = Extract<Binding, { kind: 'column' }>;

/** What a name may mean; `undefined` when nothing, or several things (reported). */
export function resolveColumn(
  ref: ColumnRef,
  scope: Scope,
  report: Report,
  explain: (name: string) => string | undefined,
): Binding | undefined {
  const found = lookUp(ref, scope, 0, report);
  if (found === 'reported') return undefined;
  if (found !== undefined) return found;
  reportUnknownColumn(ref, scope, report, explain);
  return undefined;
}

/** Whether the scope itself (not one around it) has a column of this name. */
export function hasColumn(name: string, scope: Scope): boolean {
  return scope.sources.some((source) => columnOf(source, name) !== undefined);
}

function lookUp(ref: ColumnRef, scope: Scope, depth: number, report: Report): Found | 'reported' | undefined {
  const [first = '', second, third, ...rest] = ref.column_names;
  if (rest.length > 0) return undefined;
  const qualifier = second === undefined ? undefined : sourceNamed(first, scope);
  if (qualifier !== undefined && second !== undefined) {
    const column = columnOf(qualifier, second);
    if (column !== undefined) return withField(qualifier, column, third, depth);
    return undefined;
  }
  if (third !== undefined) return outward(ref, scope, depth, report);
  const merged = scope.merged.get(first.toLowerCase());
  const candidates = scope.sources.flatMap((source) => {
    const column = columnOf(source, first);
    return column === undefined ? [] : [{ source, column }];
  });
  const [only, another] = merged === undefined ? candidates : [merged];
  if (only === undefined) return outward(ref, scope, depth, report);
  if (another !== undefined) {
    const names = candidates.map(({ source, column }) => `${source.name}.${column.name}`);
    report.add(
      'SQL_COLUMN_AMBIGUOUS',
      ref,
      `'${first}' is a column of several tables.`,
      `Write ${names.join(' or ')}.`,
    );
    return 'reported';
  }
  return withField(only.source, only.column, second, depth);
}

function outward(ref: ColumnRef, scope: Scope, depth: number, report: Report): Found | 'reported' | undefined {
  return scope.outer === undefined ? undefined : lookUp(ref, scope.outer, depth + 1, report);
}

function withField(source: Source, column: BoundColumn, field: string | undefined, depth: number): Found | undefined {
  if (field === undefined) return { kind: 'column', source, column, depth };
  const known = column.fields?.find((one) => one.toLowerCase() === field.toLowerCase());
  return known === undefined ? undefined : { kind: 'column', source, column, field: known, depth };
}
