import { nearest, suggest } from '../../model/suggest.ts';
import type { ColumnRef } from '../ast/ast.ts';
import type { Report } from '../sql-problem.ts';
import type { Binding, BoundColumn, Scope, Source } from './bound.ts';

type Found = Extract<Binding, { kind: 'column' }>;

/** What a name may mean; `undefined` when nothing, or several things (reported). */
export function resolveColumn(
  ref: ColumnRef,
  scope: Scope,
  report: Report,
  explain: (name: string) => string | undefined,
): Binding | undefined {
  const found = lookUp(ref, scope, false, report);
  if (found === 'reported') return undefined;
  if (found !== undefined) return found;
  reportUnknown(ref, scope, report, explain);
  return undefined;
}

/** Whether the scope itself (not one around it) has a column of this name. */
export function hasColumn(name: string, scope: Scope): boolean {
  return scope.sources.some((source) => columnOf(source, name) !== undefined);
}

/** The column of a source by name, whatever its case. */
export function columnOf(source: Source, name: string): BoundColumn | undefined {
  const lower = name.toLowerCase();
  return source.columns.find((column) => column.name.toLowerCase() === lower);
}

function lookUp(ref: ColumnRef, scope: Scope, isOuter: boolean, report: Report): Found | 'reported' | undefined {
  const [first = '', second, third, ...rest] = ref.column_names;
  if (rest.length > 0) return undefined;
  const qualifier = second === undefined ? undefined : sourceNamed(first, scope);
  if (qualifier !== undefined && second !== undefined) {
    const column = columnOf(qualifier, second);
    if (column !== undefined) return withField(qualifier, column, third, isOuter);
    return undefined;
  }
  if (third !== undefined) return outward(ref, scope, report);
  const merged = scope.merged.get(first.toLowerCase());
  const candidates = scope.sources.flatMap((source) => {
    const column = columnOf(source, first);
    return column === undefined ? [] : [{ source, column }];
  });
  const [only, another] = merged === undefined ? candidates : [merged];
  if (only === undefined) return outward(ref, scope, report);
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
  return withField(only.source, only.column, second, isOuter);
}

function outward(ref: ColumnRef, scope: Scope, report: Report): Found | 'reported' | undefined {
  return scope.outer === undefined ? undefined : lookUp(ref, scope.outer, true, report);
}

function withField(
  source: Source,
  column: BoundColumn,
  field: string | undefined,
  isOuter: boolean,
): Found | undefined {
  if (field === undefined) return { kind: 'column', source, column, isOuter };
  const known = column.fields?.find((one) => one.toLowerCase() === field.toLowerCase());
  return known === undefined ? undefined : { kind: 'column', source, column, field: known, isOuter };
}

function sourceNamed(name: string, scope: Scope): Source | undefined {
  return scope.sources.find((source) => source.name.toLowerCase() === name.toLowerCase());
}

function reportUnknown(
  ref: ColumnRef,
  scope: Scope,
  report: Report,
  explain: (name: string) => string | undefined,
): void {
  const sources = allSources(scope);
  if (sources.some((source) => !source.isKnown)) return;
  const written = ref.column_names.join('.');
  const [first = '', second] = ref.column_names;
  const source =
    second === undefined ? undefined : sources.find((one) => one.name.toLowerCase() === first.toLowerCase());
  const struct =
    source === undefined
      ? sources.map((one) => columnOf(one, first)).find((one) => one !== undefined)
      : columnOf(source, second ?? '');
  if (second !== undefined && struct !== undefined) {
    const field = ref.column_names.at(-1) ?? '';
    const hint =
      struct.type === 'JSON'
        ? `${struct.name} is JSON: write ${struct.name}->>'$.${ref.column_names.slice(source === undefined ? 1 : 2).join('.')}'.`
        : suggest(field, struct.fields ?? []);
    report.add('SQL_COLUMN_UNKNOWN', ref, `'${struct.name}' has no field '${field}'.`, hint);
    return;
  }
  if (second !== undefined && source === undefined) {
    report.add(
      'SQL_TABLE_UNKNOWN',
      ref,
      `'${first}' of '${written}' is not a table in FROM.`,
      suggest(
        first,
        sources.map((one) => one.name),
      ),
    );
    return;
  }
  const name = second ?? first;
  const among = source === undefined ? sources : [source];
  const where = among.map(describeSource).join(', ') || 'a SELECT without FROM';
  const hint = explain(name) ?? suggestColumn(name, among);
  report.add('SQL_COLUMN_UNKNOWN', ref, `There is no column '${written}' in ${where}.`, hint);
}

function suggestColumn(name: string, sources: readonly Source[]): string | undefined {
  const columns = sources.flatMap((source) => source.columns);
  const inStruct = columns.find((column) => column.fields?.some((field) => field.toLowerCase() === name.toLowerCase()));
  if (inStruct !== undefined) return `Write ${inStruct.name}.${name}.`;
  const names = columns.map((column) => column.name);
  const near = nearest(name, names);
  return near === undefined ? suggest(name, names) : `Did you mean '${near}'?`;
}

function allSources(scope: Scope): readonly Source[] {
  return scope.outer === undefined ? scope.sources : [...scope.sources, ...allSources(scope.outer)];
}

function describeSource({ name, use }: Source): string {
  if (use === undefined) return name || 'the subquery';
  return use.table.name === name ? name : `${use.table.name} (${name})`;
}
