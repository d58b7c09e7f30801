import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '@bff/core/testing';
import { createAskAddresses } from './ask-addresses.ts';
import type { Attempt, Outcome } from './attempt.ts';

/** A client with two addresses, each of which answers as told. */
function setUp(answers: Readonly<Record<string, Attempt<string> | (() => Attempt<string>)>>) {
  const clock = createManualClock();
  const asked: string[] = [];
  const ask = createAskAddresses({ addresses: ['a', 'b'], clock, random: () => 0 });
  const request = async (repeatable: boolean): Promise<Outcome> => {
    const outcome = ask({
      repeatable,
      send: (address) => {
        asked.push(address);
        const answer = answers[address] ?? { kind: 'refused' as const, detail: 'no such address' };
        return Promise.resolve(typeof answer === 'function' ? answer() : answer);
      },
    });
    for (let turn = 0; turn < 10; turn++) await clock.advance(50);
    return outcome;
  };
  return { clock, asked, request };
}

const done: Attempt<string> = { kind: 'done', value: 'ord_1' };
const unclear: Attempt<string> = { kind: 'unclear', detail: '503' };
const unsent: Attempt<string> = { kind: 'unsent', detail: 'ECONNREFUSED' };

describe('a client that follows docs/clients.md', () => {
  it('asks the first address as long as it answers', async () => {
    const { request, asked } = setUp({ a: done, b: done });
    expect(await request(true)).toEqual({ ok: true, final: true, attempts: 1, value: 'ord_1' });
    await request(true);
    expect(asked).toEqual(['a', 'a']);
  });

  it('goes to the other address, stays there for a while, and comes back', async () => {
    const { request, asked, clock } = setUp({ a: unsent, b: done });
    await request(false);
    await request(false);
    await clock.advance(3_000);
    await request(false);
    expect(asked).toEqual(['a', 'b', 'b', 'a', 'b']);
  });

  it('gives up after two repetitions and says that the outcome is not known', async () => {
    const { request, asked } = setUp({ a: unclear, b: unclear });
    expect(await request(true)).toEqual({ ok: false, final: false, attempts: 3, detail: '503; 503; 503' });
    expect(asked).toHaveLength(3);
  });

  it('does not repeat what is not repeatable unless it surely was not sent', async () => {
    const { request, asked } = setUp({ a: unclear, b: done });
    expect(await request(false)).toMatchObject({ ok: false, final: false, attempts: 1 });
    expect(asked).toEqual(['a']);
  });

  it('does not count addresses that refuse the connection as repetitions, and asks the one that answered', async () => {
    let answers = 0;
    const moods: Record<string, () => Attempt<string>> = {
      a: () => (answers++ === 0 ? unclear : unsent),
      b: () => (answers++ < 2 ? unclear : done),
    };
    const { request, asked } = setUp(moods);
    expect(await request(true)).toMatchObject({ ok: true, attempts: 3, value: 'ord_1' });
    expect(asked).toEqual(['a', 'b', 'a', 'b']);
  });

  it('tries again after a pause when every address refuses the connection', async () => {
    const { request, asked } = setUp({ a: unsent, b: unsent });
    expect(await request(false)).toMatchObject({ ok: false, final: false, attempts: 3 });
    expect(asked).toHaveLength(6);
  });

  it('takes a refusal for an answer', async () => {
    const { request } = setUp({ a: { kind: 'refused', detail: '404' }, b: done });
    expect(await request(true)).toEqual({ ok: false, final: true, attempts: 1, detail: '404' });
  });
});
