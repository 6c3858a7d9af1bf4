const token =
  /\s*(?:(?<value>"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|(?<mark>[{}[\],:]))/uy;

/** What may come next. After an opening mark, `first`: a value or key, or the closing mark at once. */
type Expected = 'value' | 'first' | 'key' | 'colon' | 'next';

/** The offset of the first thing in a text that JSON does not allow there; its end when something is missing. */
export function findJsonFlaw(text: string): number {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let end = 0;
  token.lastIndex = 0;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const next = step(found, expected, open);
    if (next === undefined) break;
    expected = next;
    end = token.lastIndex;
  }
  const rest = text.slice(end);
  return end + rest.length - rest.trimStart().length;
}

function step(found: RegExpExecArray, expected: Expected, open: ('{' | '[')[]): Expected | undefined {
  const { value, mark } = found.groups as { readonly value?: string; readonly mark?: string };
  const holder = open.at(-1);
  const wantsKey = expected === 'key' || (expected === 'first' && holder === '{');
  if (value !== undefined) {
    if (wantsKey) return value.startsWith('"') ? 'colon' : undefined;
    return expected === 'value' || expected === 'first' ? 'next' : undefined;
  }
  if (mark === '{' || mark === '[') {
    if (wantsKey || (expected !== 'value' && expected !== 'first')) return undefined;
    open.push(mark);
    return 'first';
  }
  if (mark === '}' || mark === ']') {
    if (holder !== (mark === '}' ? '{' : '[') || (expected !== 'first' && expected !== 'next')) return undefined;
    open.pop();
    return 'next';
  }
  if (mark === ':') return expected === 'colon' ? 'value' : undefined;
  if (expected !== 'next' || holder === undefined) return undefined;
  return holder === '{' ? 'key' : 'value';
}
