const initialBytes = 1024 * 1024;

/**
 * A window over a stream of bytes: what was read and not yet taken, at its place in the stream. It grows only as
 * far as its user asks for more before taking.
 */
export class ByteWindow {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #store = Buffer.allocUnsafe(initialBytes);
  #start = 0;
  #end = 0;
  #offset = 0;
  #ended = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The bytes in the window; valid until the next `more`. */
  get bytes(): Buffer {
    return this.#store.subarray(this.#start, this.#end);
  }

  /** Where the window starts in the stream. */
  get offset(): number {
    return this.#offset;
  }

  /** Takes bytes from the start of the window. */
  take(count: number): void {
    this.#start += count;
    this.#offset += count;
  }

  /** Appends the next chunk; `false` at the end of the stream. */
  async more(): Promise<boolean> {
    if (this.#ended) return false;
    const { done, value } = await this.#chunks.next();
    if (done) {
      this.#ended = true;
      return false;
    }
    this.#append(value);
    return true;
  }

  #append(chunk: Uint8Array): void {
    const length = this.#end - this.#start;
    const needed = length + chunk.length;
    const target =
      needed > this.#store.length ? Buffer.allocUnsafe(Math.max(needed, this.#store.length * 2)) : this.#store;
    if (target !== this.#store || this.#end + chunk.length > target.length) {
      this.#store.copy(target, 0, this.#start, this.#end);
      this.#store = target;
      this.#start = 0;
      this.#end = length;
    }
    this.#store.set(chunk, this.#end);
    this.#end += chunk.length;
  }
}
