const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * The text that a base64 text encodes; `undefined` where it is no base64 or not text in that encoding.
 *
 * Takes the standard and the URL-safe alphabet, with or without padding; blanks are ignored.
 *
 * @param encoding - `'utf-16le'` is what PowerShell's `-EncodedCommand` holds. @defaultValue `'utf-8'`
 * @source RFC 4648
 */
export function decode(text: unknown, encoding: 'utf-8' | 'utf-16le' = 'utf-8'): string | undefined {
  const bytes = typeof text === 'string' ? bytesOf(text) : undefined;
  if (bytes === undefined) return undefined;
  return encoding === 'utf-8' ? utf8Of(bytes) : utf16Of(bytes);
}

function bytesOf(text: string): readonly number[] | undefined {
  const symbols = text.replace(/\s+/g, '').replace(/={0,2}$/, '');
  if (symbols.length % 4 === 1) return undefined;
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const symbol of symbols) {
    const value = alphabet.indexOf(symbol === '-' ? '+' : symbol === '_' ? '/' : symbol);
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xfff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push((bits >> held) & 0xff);
    }
  }
  return bytes;
}

function utf8Of(bytes: readonly number[]): string | undefined {
  try {
    // The only strict UTF-8 decoder that the language itself has.
    return decodeURIComponent(bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
  } catch {
    return undefined;
  }
}

function utf16Of(bytes: readonly number[]): string | undefined {
  if (bytes.length % 2 === 1) return undefined;
  let text = '';
  for (let i = 0; i < bytes.length; i += 2) {
    text += String.fromCharCode((bytes[i] as number) | ((bytes[i + 1] as number) << 8));
  }
  return text;
}
