import { describe, expect, it } from '@jest/globals';
import { FrameBoundary, goingAwayFrame } from './websocket-frames.ts';

const frame = (length: number, mask = 0) => {
  const head =
    length < 126
      ? [0x81, mask | length]
      : length < 65_536
        ? [0x81, mask | 126, length >> 8, length & 255]
        : [0x81, mask | 127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 255, length & 255];
  return Buffer.concat([Buffer.from(head), Buffer.alloc((mask === 0 ? 0 : 4) + length)]);
};

describe('the boundary between frames', () => {
  const frames = [frame(0), frame(5), frame(125), frame(126), frame(70_000), frame(7, 0x80), goingAwayFrame];
  const all = Buffer.concat(frames);
  const ends = new Set(frames.map((_, index) => Buffer.concat(frames.slice(0, index + 1)).length));

  it('is known after every byte, however the bytes come', () => {
    const boundary = new FrameBoundary();
    expect(boundary.isBetweenFrames).toBe(true);
    for (let at = 0; at < all.length; at++) {
      boundary.push(all.subarray(at, at + 1));
      if (boundary.isBetweenFrames !== ends.has(at + 1)) throw new Error(`wrong after byte ${at + 1}`);
    }
    for (const size of [2, 3, 64, 1_000, all.length]) {
      const pieces = new FrameBoundary();
      for (let at = 0; at < all.length; at += size) pieces.push(all.subarray(at, at + size));
      expect(pieces.isBetweenFrames).toBe(true);
    }
  });
});
