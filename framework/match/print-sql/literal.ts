import { quoteText } from '../../model/quote-sql.ts';

/** A text as a constant. DuckDB's parser ends at a NUL, so that one is put together. */
export function textConstant(text: string): string {
  const pieces = text.split('\0').map(quoteText);
  return pieces.length === 1 ? (pieces[0] as string) : `(${pieces.join(' || chr(0) || ')})`;
}

/** A number as a DOUBLE constant, exactly. */
export function doubleConstant(value: number): string {
  return `'${value}'::DOUBLE`;
}

/** Whether half of a surrogate pair stands alone in a text. No text of the lake has one. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}
