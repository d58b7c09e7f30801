import type { Readable, Writable } from 'node:stream';

/**
 * The messages of a call on their way to an instance, no faster than it takes them. As long as no answer has begun, what
 * was sent is kept, up to a limit, so that it can be sent to another instance.
 */
export class CallBody {
  readonly #source: Readable;
  readonly #maxKeptBytes: number;
  readonly #onDrain = () => this.#source.resume();
  #kept: Buffer[] | undefined = [];
  #keptBytes = 0;
  #ended = false;
  #target: Writable | undefined;

  constructor(source: Readable, maxKeptBytes: number) {
    this.#source = source;
    this.#maxKeptBytes = maxKeptBytes;
    source.on('data', (chunk: Buffer) => this.#pass(chunk));
    source.once('end', () => {
      this.#ended = true;
      this.#target?.end();
    });
    source.pause();
  }

  /** Whether all that came so far can be sent again. */
  get isKept(): boolean {
    return this.#kept !== undefined;
  }

  /** Sends everything from the beginning. */
  sendTo(target: Writable): void {
    this.#target = target;
    target.on('drain', this.#onDrain);
    let room = true;
    for (const chunk of this.#kept ?? []) room = target.write(chunk);
    if (this.#ended) target.end();
    else if (room) this.#source.resume();
  }

  /** The instance is lost; nothing more is read until there is another. */
  detach(): void {
    this.#target?.off('drain', this.#onDrain);
    this.#target = undefined;
    this.#source.pause();
  }

  /** The answer has begun: nobody will be sent this again. */
  forget(): void {
    this.#kept = undefined;
  }

  /** The answer is whole; what the client still sends is read and dropped. */
  discard(): void {
    this.detach();
    this.forget();
    this.#source.resume();
  }

  #pass(chunk: Buffer): void {
    this.#keep(chunk);
    if (this.#target && !this.#target.write(chunk)) this.#source.pause();
  }

  #keep(chunk: Buffer): void {
    if (!this.#kept) return;
    this.#keptBytes += chunk.length;
    if (this.#keptBytes > this.#maxKeptBytes) this.#kept = undefined;
    else this.#kept.push(chunk);
  }
}
