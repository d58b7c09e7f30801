import { describe, expect, it } from '@jest/globals';
import { readEvents } from './read-events.ts';

describe('server-sent events', () => {
  it('are read however their bytes come, without comments and what is no event', async () => {
    const text =
      ':\n\nid: 1\nevent: update\ndata: {"a":"é: b"}\n\n:\n\nretry: 20\n\nid: 2\ndata: x\n\nid: 3\ndata: half';
    const bytes = Buffer.from(text);
    for (const size of [1, 7, bytes.length]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      const events: unknown[] = [];
      for await (const event of readEvents(
        (async function* () {
          yield* chunks;
        })(),
      ))
        events.push(event);
      expect(events).toEqual([
        { id: '1', data: '{"a":"é: b"}' },
        { id: '2', data: 'x' },
      ]);
    }
  });
});
