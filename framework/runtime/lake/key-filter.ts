const firstSlots = 1 << 14;
const lastSlots = 1 << 26;
const maxFill = 0.7;

interface Segment {
  readonly slots: Uint32Array;
  count: number;
}

/**
 * A set of keys' hashes that knows every key it was given, and says of about one in a thousand million others that
 * it knows them, too. Segments of doubling size, each with open addressing: nothing is ever moved, and a look-up
 * costs one probe per doubling.
 */
export class KeyFilter {
  readonly #segments: Segment[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  has(place: number, print: number): boolean {
    const wanted = print || 1;
    for (let index = this.#segments.length - 1; index >= 0; index--) {
      const { slots } = this.#segments[index] as Segment;
      const mask = slots.length - 1;
      for (let at = place & mask; slots[at] !== 0; at = (at + 1) & mask) if (slots[at] === wanted) return true;
    }
    return false;
  }

  /** Adds what it does not know yet. */
  add(place: number, print: number): void {
    const segment = this.#openSegment();
    const mask = segment.slots.length - 1;
    let at = place & mask;
    while (segment.slots[at] !== 0) at = (at + 1) & mask;
    segment.slots[at] = print || 1;
    segment.count += 1;
  }

  #openSegment(): Segment {
    const last = this.#segments.at(-1);
    if (last && last.count < last.slots.length * maxFill) return last;
    const slots = new Uint32Array(last ? Math.min(last.slots.length * 2, lastSlots) : firstSlots);
    const segment = { slots, count: 0 };
    this.#segments.push(segment);
    this.#bytes += slots.byteLength;
    return segment;
  }
}
