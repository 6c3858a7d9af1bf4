/** The offset of the first byte from `from` on that is no blank (space, tab, carriage return, line feed). */
export function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && isBlankByte(bytes[at] as number)) at++;
  return at;
}

/** Whether there are only blanks between two offsets. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  return skipBlanks(bytes, start) >= end;
}

function isBlankByte(byte: number): boolean {
  return byte === 32 || byte === 9 || byte === 13 || byte === 10;
}
