import { Unproven } from '../../print-alasql/unproven.ts';
import { compareValues } from './compare-values.ts';
import { inOrder, joined, type OrderedValue } from './ordered-values.ts';

/** How alasql calls an aggregate: with the first value, with each further one, and once at the end. */
type Aggregate = (value: unknown, state: unknown, stage: 1 | 2 | 3) => unknown;

/** An aggregate from a fold over the values that are not NULL. */
function aggregate<State>(
  step: (state: State | undefined, value: unknown) => State,
  end: (state: State | undefined) => unknown,
): Aggregate {
  return (value, state, stage) => {
    if (stage === 3) return end(state as State | undefined);
    const before = stage === 1 ? undefined : (state as State | undefined);
    return value == null ? before : step(before, value);
  };
}

interface Total {
  readonly sum: number;
  readonly count: number;
}

function addTo(total: Total | undefined, value: unknown): Total {
  return { sum: (total?.sum ?? 0) + (value as number), count: (total?.count ?? 0) + 1 };
}

function extreme(sign: 1 | -1): Aggregate {
  return aggregate<unknown>(
    (best, value) => (best === undefined || compareValues(value, best) * sign > 0 ? value : best),
    (best) => best ?? null,
  );
}

function collected(end: (packed: readonly OrderedValue[]) => unknown): Aggregate {
  return aggregate<OrderedValue[]>(
    (all = [], value) => {
      all.push(value as OrderedValue);
      return all;
    },
    (all) => (all === undefined ? null : end(all)),
  );
}

/** Aggregates that leave NULLs out and give NULL for no rows, as SQL's do. */
export const aggregates: Readonly<Record<string, Aggregate>> = {
  M_SUM_INTEGER: aggregate<Total>(addTo, (total) => {
    if (total === undefined) return null;
    if (!Number.isSafeInteger(total.sum)) throw new Unproven('a sum is too large');
    return total.sum;
  }),
  M_SUM_DOUBLE: aggregate<Total>(addTo, (total) => (total === undefined ? null : total.sum)),
  M_AVG: aggregate<Total>(addTo, (total) => (total === undefined ? null : total.sum / total.count)),
  M_MIN: extreme(-1),
  M_MAX: extreme(1),
  M_COUNT_IF: aggregate<number>(
    (count, value) => (count ?? 0) + (value === true ? 1 : 0),
    (count) => count ?? 0,
  ),
  M_COUNT_DISTINCT: aggregate<Set<unknown>>(
    (seen, value) => (seen ?? new Set()).add(typeof value === 'object' ? JSON.stringify(value) : value),
    (seen) => seen?.size ?? 0,
  ),
  M_STRING_AGG: collected((packed) => joined(packed, false)),
  M_STRING_AGG_DISTINCT: collected((packed) => joined(packed, true)),
  M_ARRAY_AGG: collected((packed) => inOrder(packed, false)),
  M_ARRAY_AGG_DISTINCT: collected((packed) => inOrder(packed, true)),
  M_BOOL_AND: aggregate<boolean>(
    (all, value) => (all ?? true) && value === true,
    (all) => all ?? null,
  ),
  M_BOOL_OR: aggregate<boolean>(
    (any, value) => (any ?? false) || value === true,
    (any) => any ?? null,
  ),
};
