/**
 * A text in the form that is compared without case. Each code point stays one code point, and a letter folds
 * alike wherever it stands: U+0130 (whose lower case is two characters) is left as it is, and a final sigma
 * is a sigma.
 */
export function foldCase(text: string): string {
  const lower = text.includes('\u0130') ? lowerAround(text) : text.toLowerCase();
  return lower.includes('\u03c2') ? lower.replaceAll('\u03c2', '\u03c3') : lower;
}

function lowerAround(text: string): string {
  return text
    .split('\u0130')
    .map((piece) => piece.toLowerCase())
    .join('\u0130');
}
