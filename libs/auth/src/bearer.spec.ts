import { describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import { bearerChallenge, readBearer } from './bearer.ts';

/** What `work` throws; undefined when it does not. */
function attempt(work: () => unknown): unknown {
  try {
    work();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

describe('readBearer', () => {
  it.each(['Bearer a.b.c', 'bearer a.b.c', 'BEARER a.b.c'])('reads %s', (header) => {
    expect(readBearer(header)).toBe('a.b.c');
    expect(readBearer([header])).toBe('a.b.c');
  });

  it.each([
    ['missing', undefined],
    ['missing', []],
    ['empty', ''],
    ['another scheme', 'Basic YTpi'],
    ['no token', 'Bearer'],
    ['no token', 'Bearer '],
    ['two spaces', 'Bearer  a.b.c'],
    ['something behind it', 'Bearer a.b.c d'],
    ['two in one line', 'Bearer a.b.c, Bearer d.e.f'],
    ['two values', ['Bearer a.b.c', 'Bearer a.b.c']],
    ['a line break', 'Bearer a.b.c\n'],
    ['characters of no token', 'Bearer <script>'],
  ])('refuses %s', (_circumstance, header) => {
    const thrown: unknown = attempt(() => readBearer(header));
    expect(thrown).toBeInstanceOf(AppError);
    expect(thrown).toMatchObject({ code: 'unauthenticated' });
  });
});

describe('bearerChallenge', () => {
  it('names no error when no token was given', () => {
    expect(bearerChallenge()).toBe('Bearer realm="bff"');
  });

  it('names the error and the scope', () => {
    expect(bearerChallenge({ error: 'insufficient_scope', scope: 'orders:write', realm: 'shop' })).toBe(
      'Bearer realm="shop", error="insufficient_scope", scope="orders:write"',
    );
  });
});
