import { narrowBounds, type ReadBounds, type ReadBoundsByTable, widenBounds } from '../../model/read-bounds.ts';
import type { Comparison, Expression } from '../ast/ast.ts';
import { selectsOf, textOf } from '../rules/checked-query.ts';
import { type FilteringTerm, filteringTerms } from '../rules/filtering-terms.ts';
import type { BaseUse, Bindings } from '../scope/bound.ts';
import { constantTime } from './constant-time.ts';

type BoundsOfUses = ReadonlyMap<BaseUse, ReadBounds>;

/**
 * What a query can see of its tables, from the conditions that leave rows out: of a table that stands in FROM several
 * times, all that any of those sees.
 *
 * Only a condition of the very SELECT that names the table counts. One of a query around it comes after windows,
 * LIMIT and aggregates, which see the rows that it leaves out.
 *
 * @param bindings - Of a query whose clock is folded.
 */
export function readBounds(bindings: Bindings): ReadBoundsByTable {
  const ofUses = selectsOf(bindings)
    .flatMap(({ node }) => filteringTerms(node, bindings))
    .map((filtering) => boundsOf(filtering.term, filtering, bindings))
    .reduce(narrowAll, new Map());
  const ofTables = new Map<string, ReadBounds>();
  for (const { use } of bindings.sources.values()) {
    if (use === undefined) continue;
    const known = ofTables.get(use.table.name);
    const bounds = ofUses.get(use) ?? {};
    ofTables.set(use.table.name, known === undefined ? bounds : widenBounds(known, bounds));
  }
  return ofTables;
}

function boundsOf(term: Expression, filtering: FilteringTerm, bindings: Bindings): BoundsOfUses {
  if (term.class === 'CONJUNCTION') {
    const each = term.children.map((child) => boundsOf(child, filtering, bindings));
    return term.type === 'CONJUNCTION_AND' ? each.reduce(narrowAll, new Map()) : each.reduce(widenAll);
  }
  const bounds = (column: Expression, ofColumn: (isTime: boolean) => ReadBounds | undefined): BoundsOfUses => {
    const use = useOf(column, filtering, bindings);
    const found = use && ofColumn(use.isTime);
    return new Map(use === undefined || found === undefined ? [] : [[use.use, found]]);
  };
  if (term.class === 'BETWEEN')
    return bounds(term.input, (isTime) => (isTime ? within(constantTime(term.lower), constantTime(term.upper)) : {}));
  if (term.class === 'OPERATOR' && term.type === 'COMPARE_IN') {
    const [column, ...values] = term.children as readonly [Expression, ...Expression[]];
    return bounds(column, (isTime) => (isTime ? undefined : keysOf(values)));
  }
  if (term.class !== 'COMPARISON') return new Map();
  const { column, type, value } = columnFirst(term);
  return bounds(column, (isTime) => (isTime ? timeBound(type, value) : type === '=' ? keysOf([value]) : undefined));
}

/** The use that an expression is the time or the sort key of, where its rows are left out by the condition. */
function useOf(column: Expression, { filtersColumn }: FilteringTerm, bindings: Bindings) {
  const binding = column.class === 'COLUMN_REF' && filtersColumn(column) ? bindings.columns.get(column) : undefined;
  if (binding?.kind !== 'column' || binding.field !== undefined) return undefined;
  const { use } = binding.source;
  const name = binding.column.origin?.column;
  if (use === undefined || name === undefined) return undefined;
  const isTime = name === use.table.time;
  return isTime || name === use.table.sortBy?.[0] ? { use, isTime } : undefined;
}

const signs: Readonly<Record<string, string>> = {
  COMPARE_EQUAL: '=',
  COMPARE_LESSTHAN: '<',
  COMPARE_LESSTHANOREQUALTO: '<=',
  COMPARE_GREATERTHAN: '>',
  COMPARE_GREATERTHANOREQUALTO: '>=',
};

const turned: Readonly<Record<string, string>> = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** `x < 5` and `5 > x` alike. */
function columnFirst({ left, right, type }: Comparison) {
  const sign = signs[type] ?? '';
  if (left.class === 'COLUMN_REF') return { column: left, type: sign, value: right };
  return { column: right, type: turned[sign] ?? '', value: left };
}

function timeBound(sign: string, value: Expression): ReadBounds | undefined {
  const timeMs = constantTime(value);
  if (timeMs === undefined) return undefined;
  if (sign === '=') return within(timeMs, timeMs);
  if (sign === '>' || sign === '>=') return { fromMs: timeMs };
  if (sign === '<') return { untilMs: timeMs };
  return sign === '<=' ? within(undefined, timeMs) : undefined;
}

function within(firstMs: number | undefined, lastMs: number | undefined): ReadBounds {
  return { fromMs: firstMs, untilMs: lastMs === undefined ? undefined : lastMs + 1 };
}

function keysOf(values: readonly Expression[]): ReadBounds | undefined {
  const keys = values.map(textOf);
  return keys.every((key) => key !== undefined) ? { keys } : undefined;
}

function narrowAll(a: BoundsOfUses, b: BoundsOfUses): BoundsOfUses {
  const all = new Map(a);
  for (const [use, bounds] of b) all.set(use, narrowBounds(a.get(use) ?? {}, bounds));
  return all;
}

/** Of a use that one of them says nothing about, everything may be seen. */
function widenAll(a: BoundsOfUses, b: BoundsOfUses): BoundsOfUses {
  const both = [...a].flatMap(([use, bounds]) => {
    const other = b.get(use);
    return other === undefined ? [] : [[use, widenBounds(bounds, other)] as const];
  });
  return new Map(both);
}
