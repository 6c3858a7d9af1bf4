/** Reads a text from left to right. */
export interface TextReader {
  atEnd(): boolean;
  /** Zero-based, in characters. */
  offset(): number;
  /** The next character, `''` at the end. */
  peek(): string;
  /** The next character, which is passed; `''` at the end. */
  next(): string;
  /** Passes the text if it comes next. */
  take(text: string): boolean;
  /** Passes what a sticky expression finds here. */
  takePattern(pattern: RegExp): RegExpExecArray | undefined;
  /** At most so many of the characters that follow. */
  rest(length: number): string;
}

/** A {@link TextReader} at the start of a text. */
export function readText(text: string): TextReader {
  let offset = 0;
  return {
    atEnd: () => offset >= text.length,
    offset: () => offset,
    peek: () => text[offset] ?? '',
    next: () => text[offset++] ?? '',
    take(expected) {
      if (!text.startsWith(expected, offset)) return false;
      offset += expected.length;
      return true;
    },
    takePattern(pattern) {
      pattern.lastIndex = offset;
      const found = pattern.exec(text);
      if (!found) return undefined;
      offset = pattern.lastIndex;
      return found;
    },
    rest: (length) => text.slice(offset, offset + length),
  };
}
