/** Runs work one piece at a time, in the order it was given. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** What the work gives; a failure does not stop what comes after. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when everything given so far has ended. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
