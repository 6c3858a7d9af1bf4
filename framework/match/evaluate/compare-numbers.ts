const decimal = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** Whether a text is a number as JSON writes it, without exponent. */
export function isDecimal(text: string): boolean {
  return text.length <= 400 && decimal.test(text);
}

/**
 * Negative, 0 or positive as `a` is less than, equal to or greater than `b`; `undefined` where `a` is neither
 * a number nor a text that spells one. Texts are compared digit by digit, so that 64-bit numbers are exact.
 *
 * @param b - A number, or a text for which {@link isDecimal} holds.
 */
export function compareNumbers(a: unknown, b: number | string): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const left = decimalText(a);
  if (left === undefined) return undefined;
  const right = decimalText(b);
  return right === undefined ? undefined : compareDecimals(left, right);
}

/** The digits of a number, or of a text that spells one, without exponent. */
export function decimalText(value: unknown): string | undefined {
  if (typeof value === 'string') return isDecimal(value) ? value : undefined;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const text = String(value);
  return text.includes('e') ? writeOut(text) : text;
}

/** `1.5e-7` as `0.00000015`: the digits that JSON has, not those of the binary value. */
function writeOut(text: string): string {
  const [mantissa = '', exponent = ''] = text.split('e');
  const digits = mantissa.replace(/[-.]/g, '');
  const shift = Number(exponent);
  const unsigned = shift < 0 ? `0.${'0'.repeat(-shift - 1)}${digits}` : digits.padEnd(shift + 1, '0');
  return text.startsWith('-') ? `-${unsigned}` : unsigned;
}

function compareDecimals(a: string, b: string): number {
  const left = splitDecimal(a);
  const right = splitDecimal(b);
  if (left.sign !== right.sign) return left.sign - right.sign;
  return left.sign * compareDigits(left, right);
}

interface Digits {
  /** -1, 0 or 1. */
  readonly sign: number;
  readonly whole: string;
  readonly fraction: string;
}

function splitDecimal(text: string): Digits {
  const isNegative = text.startsWith('-');
  const [whole = '', fraction = ''] = (isNegative ? text.slice(1) : text).split('.');
  const isZero = /^0*$/.test(whole + fraction);
  return { sign: isZero ? 0 : isNegative ? -1 : 1, whole, fraction };
}

function compareDigits(a: Digits, b: Digits): number {
  if (a.whole.length !== b.whole.length) return a.whole.length - b.whole.length;
  if (a.whole !== b.whole) return a.whole < b.whole ? -1 : 1;
  const length = Math.max(a.fraction.length, b.fraction.length);
  const left = a.fraction.padEnd(length, '0');
  const right = b.fraction.padEnd(length, '0');
  return left === right ? 0 : left < right ? -1 : 1;
}
