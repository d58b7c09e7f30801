import { serialize } from 'node:v8';

/** An answer as it is kept. */
export interface KeptAnswer {
  readonly value: unknown;
  readonly storedAt: number;
  readonly tags: readonly string[];
  readonly bytes: number;
}

/** Answers within a number of bytes; the one that was not used for longest makes room. */
export class BoundedAnswers {
  readonly #maxBytes: number;
  readonly #byKey = new Map<string, KeptAnswer>();
  readonly #keysOfTag = new Map<string, Set<string>>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get(key: string): KeptAnswer | undefined {
    const kept = this.#byKey.get(key);
    if (kept === undefined) return undefined;
    // A Map keeps the order of insertion: what is used moves to its end.
    this.#byKey.delete(key);
    this.#byKey.set(key, kept);
    return kept;
  }

  /** Keeps an answer, unless it alone is too large, or is of a kind that has no size (a function, a stream). */
  set(key: string, value: unknown, storedAt: number, tags: readonly string[]): void {
    this.delete(key);
    const bytes = sizeOf([key, tags, value]);
    if (bytes === undefined || bytes > this.#maxBytes) return;
    this.#byKey.set(key, { value, storedAt, tags, bytes });
    this.#bytes += bytes;
    for (const tag of tags) {
      const keys = this.#keysOfTag.get(tag) ?? new Set();
      this.#keysOfTag.set(tag, keys.add(key));
    }
    for (const oldest of this.#byKey.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const kept = this.#byKey.get(key);
    if (!kept) return;
    this.#byKey.delete(key);
    this.#bytes -= kept.bytes;
    for (const tag of kept.tags) {
      const keys = this.#keysOfTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.#keysOfTag.delete(tag);
    }
  }

  clear(): void {
    this.#byKey.clear();
    this.#keysOfTag.clear();
    this.#bytes = 0;
  }

  deleteTagged(tag: string): void {
    for (const key of [...(this.#keysOfTag.get(tag) ?? [])]) this.delete(key);
  }
}

/** Bytes of the value in V8's own format: near enough to what it takes in memory, and it knows dates and maps. */
function sizeOf(value: unknown): number | undefined {
  try {
    return serialize(value).byteLength;
  } catch {
    return undefined;
  }
}
