/** The offset of the first byte from `from` on that is no blank (space, tab, carriage return, line feed). */
export function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && isBlankByte(bytes[at] as number)) at++;
  return at;
}

/** Whether there are only blanks between two offsets. Looks no further: empty lines must not cost their square. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isBlankByte(bytes[at] as number)) return false;
  return true;
}

function isBlankByte(byte: number): boolean {
  return byte === 32 || byte === 9 || byte === 13 || byte === 10;
}
