import { Unproven } from '../../print-alasql/unproven.ts';

type Num = number | null | undefined;

const limits = {
  INTEGER: 2 ** 31 - 1,
  // DuckDB goes further, JavaScript does not.
  BIGINT: Number.MAX_SAFE_INTEGER,
  HUGEINT: Number.MAX_SAFE_INTEGER,
};

/** The number, if it is exact in the type that DuckDB computes in. */
function checked(value: number, type: string): number {
  const limit = limits[type as keyof typeof limits] ?? Number.MAX_VALUE;
  if (Number.isNaN(value) || Math.abs(value) > limit) throw new Unproven('it computes with a number that is too large');
  return value === 0 ? 0 : value;
}

function computed(run: (a: number, b: number) => number): (type: string, a: Num, b: Num) => Num {
  return (type, a, b) => (a == null || b == null ? null : checked(run(a, b), type));
}

function divided(run: (a: number, b: number) => number): (type: string, a: Num, b: Num) => Num {
  return (type, a, b) => {
    if (a == null || b == null) return null;
    if (b !== 0) return checked(run(a, b), type);
    // x % 0 is NULL for whole numbers; infinities and NaN are not compared.
    if (type in limits) return null;
    throw new Unproven('it divides by zero');
  };
}

/** Half away from zero, as C rounds. */
function round(value: number): number {
  const whole = Math.floor(Math.abs(value));
  return Math.sign(value) * (Math.abs(value) - whole >= 0.5 ? whole + 1 : whole);
}

/** Arithmetic. The first argument is the type that DuckDB computes in. */
export const numbers = {
  m_add: computed((a, b) => a + b),
  m_subtract: computed((a, b) => a - b),
  m_multiply: computed((a, b) => a * b),
  m_divide: divided((a, b) => a / b),
  m_modulo: divided((a, b) => a % b),
  m_negate: (a: Num): Num => (a == null ? null : -a || 0),
  m_abs: (a: Num): Num => (a == null ? null : Math.abs(a)),
  m_floor: (a: Num): Num => (a == null ? null : Math.floor(a) || 0),
  m_ceil: (a: Num): Num => (a == null ? null : Math.ceil(a) || 0),
  m_round: (a: Num, digits: Num): Num => {
    if (a == null || digits == null) return null;
    const scale = 10 ** digits;
    return checked(round(a * scale) / scale, 'DOUBLE');
  },
};
