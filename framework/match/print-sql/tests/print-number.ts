import { compareNumbers, decimalText } from '../../evaluate/compare-numbers.ts';
import { bindValue } from '../json-text.ts';
import { doubleConstant, textConstant } from '../literal.ts';
import type { Scalar } from '../scalar.ts';

/** How a number is compared. */
export type Comparison = 'number' | 'gt' | 'gte' | 'lt' | 'lte';

const operators = { number: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** A comparison with a number, or with a text that spells one; other texts are not compared. */
export function printNumber(op: Comparison, bound: number | string, scalar: Scalar): string {
  switch (scalar.kind) {
    case 'boolean':
      return 'false';
    case 'bigint':
      return compareWhole(scalar.value, op, bound);
    case 'double':
      return compareDouble(scalar.value, op, bound);
    case 'text':
      return bindValue(scalar.text, (text) => compareText(text, op, bound, 'false'));
    case 'json': {
      // A number with an exponent is one, a text with an exponent is none.
      const isNumber = `json_type(${scalar.json}) IN ('DOUBLE', 'BIGINT', 'UBIGINT')`;
      return bindValue(scalar.text, (text) => {
        const double = compareDouble(`TRY_CAST(${text} AS DOUBLE)`, op, bound);
        const otherwise = `CASE WHEN contains(${text}, 'e') THEN ${isNumber} AND ${double} ELSE false END`;
        return compareText(text, op, bound, otherwise);
      });
    }
  }
}

/** Column values are within 2^53, so that a bound beyond is the same for all of them. */
function compareWhole(value: string, op: Comparison, bound: number | string): string {
  const decimal = decimalText(bound);
  if (decimal === undefined) return 'false';
  const [whole = '', fraction = ''] = decimal.split('.');
  const limit = 2n ** 60n;
  const cut = BigInt(whole);
  if (cut > limit || cut < -limit) {
    const isBelow = op === 'gt' || op === 'gte' ? cut < 0n : op !== 'number' && cut > 0n;
    return isBelow ? `${value} IS NOT NULL` : 'false';
  }
  if (/^0*$/.test(fraction)) return `${value} ${operators[op]} ${cut}`;
  if (op === 'number') return 'false';
  const floor = decimal.startsWith('-') ? cut - 1n : cut;
  return op === 'gt' || op === 'gte' ? `${value} > ${floor}` : `${value} <= ${floor}`;
}

/** A text as bound is compared with the shortest decimal of the value, not with the value. */
function compareDouble(value: string, op: Comparison, bound: number | string): string {
  const nearest = Number(bound);
  if (!Number.isFinite(nearest)) {
    const isBelow = op === 'gt' || op === 'gte' ? nearest < 0 : op !== 'number' && nearest > 0;
    return isBelow ? `${value} IS NOT NULL` : 'false';
  }
  const constant = doubleConstant(nearest);
  const sign = compareNumbers(nearest, bound) ?? 0;
  if (sign === 0) return `${value} ${operators[op]} ${constant}`;
  if (op === 'number') return 'false';
  const isUp = op === 'gt' || op === 'gte';
  return `${value} ${isUp ? (sign > 0 ? '>=' : '>') : sign < 0 ? '<=' : '<'} ${constant}`;
}

const decimalRegex = textConstant('-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?');

/**
 * Digit by digit, as the evaluator does.
 *
 * @param otherwise - What holds for a text that is no decimal number.
 */
function compareText(text: string, op: Comparison, bound: number | string, otherwise: string): string {
  const decimal = decimalText(bound);
  if (decimal === undefined) return 'false';
  const digits = readDigits(decimal);
  const compared = op === 'number' ? equalText(text, digits) : orderText(text, op, digits);
  return `CASE WHEN regexp_full_match(${text}, ${decimalRegex}) AND strlen(${text}) <= 400 THEN ${compared} ELSE ${otherwise} END`;
}

interface Digits {
  readonly sign: number;
  readonly whole: string;
  /** Without zeros at its end. */
  readonly fraction: string;
}

function readDigits(decimal: string): Digits {
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.');
  const isZero = /^0*$/.test(whole + fraction);
  return { sign: isZero ? 0 : decimal.startsWith('-') ? -1 : 1, whole, fraction: fraction.replace(/0+$/, '') };
}

function equalText(text: string, { sign, whole, fraction }: Digits): string {
  const tail = fraction === '' ? '(?:\\.0+)?' : `\\.${fraction}0*`;
  return `regexp_full_match(${text}, ${textConstant(`${sign === 0 ? '-?' : sign < 0 ? '-' : ''}${whole}${tail}`)})`;
}

function orderText(text: string, op: Exclude<Comparison, 'number'>, bound: Digits): string {
  const isNegative = `starts_with(${text}, '-')`;
  if (op === 'gte') return `NOT (${orderText(text, 'lt', bound)})`;
  if (op === 'lte') return `NOT (${orderText(text, 'gt', bound)})`;
  const isUp = op === 'gt';
  if (bound.sign === 0) return `${isUp ? 'NOT ' : ''}${isNegative} AND NOT (${equalText(text, bound)})`;
  const further = orderMagnitude(text, isUp === bound.sign > 0, bound);
  if (isUp) return bound.sign > 0 ? `NOT ${isNegative} AND ${further}` : `(NOT ${isNegative} OR ${further})`;
  return bound.sign > 0 ? `(${isNegative} OR ${further})` : `${isNegative} AND ${further}`;
}

function orderMagnitude(text: string, isGreater: boolean, { whole, fraction }: Digits): string {
  const operator = isGreater ? '>' : '<';
  const ownWhole = `ltrim(split_part(${text}, '.', 1), '-')`;
  const ownFraction = `rtrim(split_part(${text}, '.', 2), '0')`;
  const byFraction = `(${ownWhole} = ${textConstant(whole)} AND ${ownFraction} ${operator} ${textConstant(fraction)})`;
  const byDigits = `(${ownWhole} ${operator} ${textConstant(whole)} OR ${byFraction})`;
  return `(strlen(${ownWhole}) ${operator} ${whole.length} OR (strlen(${ownWhole}) = ${whole.length} AND ${byDigits}))`;
}
