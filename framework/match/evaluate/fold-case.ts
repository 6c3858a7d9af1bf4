/**
 * A text in the form that is compared without case. Each code point stays one code point, and a letter folds
 * alike wherever it stands: U+0130 is an i (its full lower case is two characters), and a final sigma is a sigma.
 * The lake's SQL folds so, too: what matches in the stream matches in a backtest.
 */
export function foldCase(text: string): string {
  const lower = (text.includes('\u0130') ? text.replaceAll('\u0130', 'i') : text).toLowerCase();
  return lower.includes('\u03c2') ? lower.replaceAll('\u03c2', '\u03c3') : lower;
}
