import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

/** What making a value gave. */
export interface Made<T> {
  /** Plain data. */
  readonly value: T;
  /** Whether it may be used again for the same input; what has problems is made again each time. */
  readonly isSound: boolean;
}

/** As {@link Made}, of files. */
export interface MadeOfFiles<T> extends Made<T> {
  /** What was read for it, below the root. */
  readonly files: readonly string[];
}

/** Where a cache lies, and who fills it. */
export interface CacheOptions {
  readonly path: string;
  /** Tells apart versions whose values may differ. */
  readonly maker: string;
  readonly nowMs: number;
}

interface Entry {
  readonly value: Buffer;
  /** File → digest of its bytes. */
  readonly files?: ReadonlyMap<string, string> | undefined;
}

/**
 * Values that were made of files, by what was in these. It is a help to whoever compiles the same content again and
 * again, and never the reason why something is taken for sound: what is published is compiled without.
 */
export class ContentCache {
  readonly #path: string;
  readonly #maker: string;
  readonly #openedAtMs: number;
  readonly #known: ReadonlyMap<string, Entry>;
  /** What this compile used, and so what is kept. */
  readonly #used = new Map<string, Entry>();
  /** Notes on texts, for as long as they are filled. */
  readonly #notes = new Map<string, { readonly notes: Map<string, unknown>; readonly sizeBefore: number }>();
  readonly #digests = new Map<string, Promise<string>>();
  #isChanged = false;

  private constructor(options: CacheOptions, known: ReadonlyMap<string, Entry>) {
    this.#path = options.path;
    this.#maker = options.maker;
    this.#openedAtMs = options.nowMs;
    this.#known = known;
  }

  /**
   * Reads what an earlier compile left; nothing of it when that was another maker, or when the file is damaged.
   */
  static async open(options: CacheOptions): Promise<ContentCache> {
    return new ContentCache(options, await readEntries(options.path, options.maker));
  }

  /** A value that depends on a text and nothing else. */
  ofText<T>(kind: string, text: string, make: () => Made<T>): T {
    const key = digestOf(kind, text);
    const known = this.#known.get(key) ?? this.#used.get(key);
    if (known) {
      this.#used.set(key, known);
      return deserialize(known.value) as T;
    }
    const { value, isSound } = make();
    if (isSound) this.#put(key, { value: serialize(value) });
    return value;
  }

  /** What is noted of a text, by whatever names; what is added is there the next time. */
  notesOn(kind: string, text: string): Map<string, unknown> {
    const key = digestOf(kind, text);
    const open = this.#notes.get(key)?.notes;
    if (open) return open;
    const known = this.#known.get(key);
    const notes = known ? (deserialize(known.value) as Map<string, unknown>) : new Map<string, unknown>();
    if (known) this.#used.set(key, known);
    this.#notes.set(key, { notes, sizeBefore: notes.size });
    return notes;
  }

  /** A value that depends on an input, on the files that were read, and on nothing else below the root. */
  async ofFiles<T>(kind: string, root: string, input: unknown, make: () => Promise<MadeOfFiles<T>>): Promise<T> {
    const key = digestOf(kind, root, JSON.stringify(input));
    const known = this.#known.get(key);
    if (known?.files && (await this.#areTheSame(root, known.files))) {
      this.#used.set(key, known);
      return deserialize(known.value) as T;
    }
    const { value, isSound, files } = await make();
    // What was saved since may not be what it was made of.
    if (isSound && (await areOlder(root, files, this.#openedAtMs))) {
      const digests = await Promise.all(files.map(async (file) => [file, await this.#digestFile(root, file)] as const));
      this.#put(key, { value: serialize(value), files: new Map(digests) });
    }
    return value;
  }

  /** Leaves what was used for the next compile. Where nothing can be written there is none the next time. */
  async save(): Promise<void> {
    for (const [key, { notes, sizeBefore }] of this.#notes)
      if (notes.size > sizeBefore) this.#put(key, { value: serialize(notes) });
    if (!this.#isChanged && this.#used.size === this.#known.size) return;
    const draft = `${this.#path}.${randomUUID()}`;
    try {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      const entries = serialize({ maker: this.#maker, entries: this.#used });
      await writeFile(draft, Buffer.concat([checksum(entries), entries]), { mode: 0o600 });
      await rename(draft, this.#path);
    } catch {
      await rm(draft, { force: true });
    }
  }

  #put(key: string, entry: Entry): void {
    this.#used.set(key, entry);
    this.#isChanged = true;
  }

  async #areTheSame(root: string, files: ReadonlyMap<string, string>): Promise<boolean> {
    const same = await Promise.all(
      [...files].map(async ([file, digest]) => (await this.#digestFile(root, file)) === digest),
    );
    return same.every(Boolean);
  }

  /** Of a file's bytes, and of whether there are files that an import would find in its place. */
  #digestFile(root: string, file: string): Promise<string> {
    const path = join(root, file);
    const known = this.#digests.get(path) ?? digestFile(path);
    this.#digests.set(path, known);
    return known;
  }
}

async function areOlder(root: string, files: readonly string[], thanMs: number): Promise<boolean> {
  const written = await Promise.all(files.map(async (file) => (await stat(join(root, file))).mtimeMs));
  return written.every((writtenAtMs) => writtenAtMs < thanMs);
}

async function digestFile(path: string): Promise<string> {
  const text = await readFile(path).catch(() => undefined);
  const others = await Promise.all(
    insteadOf(path).map((other) =>
      stat(other).then(
        () => other,
        () => '',
      ),
    ),
  );
  return digestOf(text === undefined ? 'missing' : 'there', text ?? '', ...others);
}

/** Files that `import './a'` and `import './a.js'` lead to rather than to this one. */
function insteadOf(path: string): readonly string[] {
  const name = path.replace(/\.ts$/, '');
  return name === path ? [] : [`${name}.js.ts`, ...(name.endsWith('/index') ? [`${dirname(path)}.ts`] : [])];
}

async function readEntries(path: string, maker: string): Promise<ReadonlyMap<string, Entry>> {
  try {
    const file = await readFile(path);
    const entries = file.subarray(checksumBytes);
    if (!checksum(entries).equals(file.subarray(0, checksumBytes))) return new Map();
    const stored = deserialize(entries) as { readonly maker: string; readonly entries: Map<string, Entry> };
    return stored.maker === maker ? stored.entries : new Map();
  } catch {
    return new Map();
  }
}

const checksumBytes = 32;

/** A file that was cut short or zeroed by a power cut is as none. */
function checksum(entries: Uint8Array): Buffer {
  return createHash('sha256').update(entries).digest();
}

function digestOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(String(part.length)).update(':').update(part);
  return hash.digest('base64');
}
