import { Unproven } from '../../print-alasql/unproven.ts';
import { compareValues } from './compare-values.ts';
import type { Truth } from './three-valued.ts';

type Values = readonly unknown[];

/** What `m_query` runs at the moment: alasql is synchronous, and its functions belong to the whole process. */
let running: { readonly values: (number: number) => Values; readonly found: Map<string, Values> } | undefined;
const outers: Values[] = [];

/** Runs a statement that may call others; `values` gives those of the first column of another by its number. */
export function withSubqueries<Result>(values: (number: number) => Values, run: () => Result): Result {
  running = { values, found: new Map() };
  outers.length = 0;
  try {
    return run();
  } finally {
    running = undefined;
  }
}

/** Subqueries in expressions. Each runs once for the same values around it. */
export const subqueries = {
  m_query: (number: number, ...passed: Values): Values => {
    if (running === undefined) throw new Error('m_query is called outside of a run');
    const key = JSON.stringify([number, ...passed.map((value) => value ?? null)]);
    const known = running.found.get(key);
    if (known !== undefined) return known;
    outers.push(passed);
    try {
      const values = running.values(number);
      running.found.set(key, values);
      return values;
    } finally {
      outers.pop();
    }
  },
  /** A value of the query around this one. */
  m_outer: (index: number): unknown => outers.at(-1)?.[index] ?? null,
  m_exists: (values: Values): boolean => values.length > 0,
  m_scalar: (values: Values): unknown => {
    if (values.length > 1) throw new Unproven('a subquery that should find one value finds several');
    return values[0] ?? null;
  },
  /** `IN`: false in nothing, even for NULL. */
  m_in_query: (value: unknown, values: Values): Truth => {
    if (values.length === 0) return false;
    if (value == null) return null;
    if (values.some((one) => one != null && compareValues(value, one) === 0)) return true;
    return values.some((one) => one == null) ? null : false;
  },
};
