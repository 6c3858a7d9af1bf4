/** A word, a bracket, or the bar before an aggregation, with its offset. The last one is the end. */
export interface Token {
  readonly kind: 'word' | '(' | ')' | '|' | 'end';
  readonly text: string;
  readonly offset: number;
}

/** The tokens of a condition. Everything between blanks, brackets and bars is a word. */
export function tokeniseCondition(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const found of text.matchAll(/[()|]|[^\s()|]+/g)) {
    const [word] = found;
    const kind = word === '(' || word === ')' || word === '|' ? word : 'word';
    tokens.push({ kind, text: word, offset: found.index });
  }
  return [...tokens, { kind: 'end', text: '', offset: text.length }];
}
