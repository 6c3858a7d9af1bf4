import { Unproven } from './unproven.ts';

/**
 * A name between backticks. alasql turns SQL into JavaScript and is no sandbox, so nothing is escaped: a name
 * is plain, or it is refused.
 */
export function quoteName(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,200}$/.test(name))
    throw new Unproven(`the name ${JSON.stringify(name)} is not plain letters and digits`);
  if (name in Object.prototype) throw new Unproven(`the name '${name}' means something to JavaScript`);
  return `\`${name}\``;
}

/** A text between quotes: as it is when it holds harmless characters only, else percent-encoded and decoded by `m_text`. */
export function quoteText(text: string): string {
  if (/^[A-Za-z0-9 _.,:/@+%=-]*$/.test(text)) return `'${text}'`;
  const encoded = Array.from(Buffer.from(text), (byte) => {
    const char = String.fromCharCode(byte);
    return /[A-Za-z0-9 _.:/@+-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
  return `m_text('${encoded}')`;
}

/** A number as digits; exponents are not read by alasql. */
export function quoteNumber(value: number): string {
  const digits = String(Math.abs(value));
  if (!/^\d+(\.\d+)?$/.test(digits)) throw new Unproven(`the number ${digits} is too large or too small to write out`);
  return value < 0 ? `m_negate(${digits})` : digits;
}
