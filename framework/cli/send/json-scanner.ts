const quote = 0x22;
const backslash = 0x5c;

/** Whether a byte is JSON's white space. */
export function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/**
 * Finds the end of one JSON value in bytes that come piece by piece. It looks at brackets and strings only: what
 * is between them is for the runtime to judge.
 */
export class JsonScanner {
  #depth = 0;
  #inString = false;
  #escaped = false;
  #started = false;

  /**
   * Scans bytes from an index on.
   *
   * @returns The index after the value, or -1 when it goes on past these bytes.
   */
  scan(bytes: Uint8Array, from: number): number {
    for (let i = from; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) {
          this.#inString = false;
          if (this.#depth === 0) return i + 1;
        }
      } else if (byte === quote) {
        this.#inString = true;
        this.#started = true;
      } else if (byte === 0x7b || byte === 0x5b) {
        this.#depth++;
        this.#started = true;
      } else if (byte === 0x7d || byte === 0x5d) {
        // A bracket that closes what stands around a number, true, false or null.
        if (this.#depth === 0) return i;
        this.#depth--;
        if (this.#depth === 0) return i + 1;
      } else if (this.#depth === 0 && this.#started && (byte === 0x2c || isBlank(byte))) {
        return i;
      } else if (!isBlank(byte)) {
        this.#started = true;
      }
    }
    return -1;
  }
}
