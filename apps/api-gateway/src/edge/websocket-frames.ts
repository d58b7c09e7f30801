/** RFC 6455, 7.4.1: 1001, going away; clients connect again after it. */
export const goingAwayFrame = Buffer.from([0x88, 0x02, 0x03, 0xe9]);

/**
 * Knows where one frame ends and the next begins in what an instance sends over a WebSocket (RFC 6455, 5.2), and nothing else of it:
 * between two frames, somebody in the middle may say goodbye in its place.
 */
export class FrameBoundary {
  #head: number[] = [];
  #bytesLeft = 0;

  get isBetweenFrames(): boolean {
    return this.#head.length === 0 && this.#bytesLeft === 0;
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      if (this.#bytesLeft > 0) {
        const skipped = Math.min(this.#bytesLeft, chunk.length - at);
        this.#bytesLeft -= skipped;
        at += skipped;
        continue;
      }
      this.#head.push(chunk[at++] ?? 0);
      const length = readLength(this.#head);
      if (length === undefined) continue;
      this.#bytesLeft = length;
      this.#head = [];
    }
  }
}

const isMasked = 0x80;

/** What follows the length: the mask, where there is one, and the payload. Undefined while the head is not whole. */
function readLength(head: readonly number[]): number | undefined {
  const [, second] = head;
  if (second === undefined) return undefined;
  const short = second & 0x7f;
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
  if (head.length < 2 + lengthBytes) return undefined;
  const length = lengthBytes === 0 ? short : head.slice(2).reduce((sum, byte) => sum * 256 + byte, 0);
  return length + ((second & isMasked) === 0 ? 0 : 4);
}
