import type { QueryReply } from './query-message.ts';

/** The replies to one query, in the order they come, for one reader. */
export class ReplyQueue {
  readonly #replies: QueryReply[] = [];
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => {};
  #isEnded = false;

  /** `true`: the query is over, and no reply comes any more. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  add(reply: QueryReply): void {
    this.#replies.push(reply);
    if ('code' in reply || reply.end) this.#isEnded = true;
    this.#wake();
  }

  /** Nothing comes any more: there is nobody to reply. */
  fail(error: unknown): void {
    this.#failure = { error };
    this.#isEnded = true;
    this.#wake();
  }

  /** The next reply. Throws what the queue failed with: replies before that are not worth reading. */
  async next(): Promise<QueryReply> {
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      const reply = this.#replies.shift();
      if (reply) return reply;
      await this.#arrival();
    }
  }

  /** Resolves when the query is over. */
  async ended(): Promise<void> {
    while (!this.#isEnded) await this.#arrival();
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
