/**
 * Whether a text matches one of the patterns as a whole: `glob(event.fileName, '*.exe', 'invoice-????.*')`.
 *
 * `*` stands for any run of characters, `?` for one; `\*`, `\?` and `\\` for themselves. Case counts. A value
 * that is no text matches nothing. Takes at most (length of text × length of pattern) steps, however many `*`.
 */
export function glob(value: unknown, ...patterns: readonly string[]): boolean {
  return typeof value === 'string' && patterns.some((pattern) => matches([...value], tokensOf(pattern)));
}

const many = 1;
const one = 2;
type Token = string | typeof many | typeof one;

function tokensOf(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] as string;
    const next = characters[i + 1];
    if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      tokens.push(next);
      i++;
    } else tokens.push(character === '*' ? many : character === '?' ? one : character);
  }
  return tokens;
}

/** Greedy: on a mismatch only the last `*` takes one character more; earlier ones never need to. */
function matches(text: readonly string[], tokens: readonly Token[]): boolean {
  let t = 0;
  let p = 0;
  let afterStar = -1;
  let starTook = 0;
  while (t < text.length) {
    const token = tokens[p];
    if (token === many) {
      p++;
      afterStar = p;
      starTook = t;
    } else if (token === one || token === text[t]) {
      p++;
      t++;
    } else if (afterStar >= 0) {
      starTook++;
      t = starTook;
      p = afterStar;
    } else return false;
  }
  return tokens.slice(p).every((token) => token === many);
}
