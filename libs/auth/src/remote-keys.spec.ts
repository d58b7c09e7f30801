import { beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import { createManualClock, type ManualClock } from '@bff/core/testing';
import type { JSONWebKeySet } from 'jose';
import { createRemoteKeys, type RemoteKeys, type RemoteKeysOptions } from './remote-keys.ts';
import { createTestIssuer } from './testing/index.ts';

/** An issuer's key endpoint on virtual time: what it answers, and how late, can be changed while it runs. */
class FakeEndpoint {
  fetches = 0;
  open = 0;
  mostOpen = 0;
  latencyMs = 0;
  answer: () => Response | Promise<Response> = () => Response.json(keySet('one'));
  readonly #clock: ManualClock;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  readonly fetch = async (_url: string, init: RequestInit): Promise<Response> => {
    this.fetches += 1;
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    try {
      if (this.latencyMs > 0) await this.#wait(init.signal);
      return await this.answer();
    } finally {
      this.open -= 1;
    }
  };

  #wait(signal: AbortSignal | null | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = this.#clock.after(this.latencyMs, resolve);
      signal?.addEventListener('abort', () => {
        stop();
        reject(signal.reason as Error);
      });
    });
  }
}

const published = new Map<string, JSONWebKeySet['keys'][number]>();
function keySet(...kids: string[]): JSONWebKeySet {
  const keys = kids.map((kid) => {
    const jwk = published.get(kid) ?? createTestIssuer({ kid }).jwks.keys[0];
    if (!jwk) throw new Error('the test issuer has no key');
    published.set(kid, jwk);
    return jwk;
  });
  return { keys };
}

let clock: ManualClock;
let endpoint: FakeEndpoint;
let keys: RemoteKeys;
const failures: unknown[] = [];

function remoteKeys(overrides: Partial<RemoteKeysOptions> = {}): RemoteKeys {
  const onFetchFailed = (error: unknown) => failures.push(error);
  return createRemoteKeys({
    url: 'http://issuer.test/jwks',
    clock,
    fetch: endpoint.fetch,
    onFetchFailed,
    ...overrides,
  });
}

const find = (kid: string) => keys.find({ alg: 'ES256', kid });
/** The settled outcome, so that a rejection while time advances is never unhandled. */
const outcome = (promise: Promise<unknown>) =>
  promise.then(
    () => 'found',
    (error: unknown) => (error instanceof AppError ? error : 'no such key'),
  );

beforeEach(() => {
  clock = createManualClock();
  endpoint = new FakeEndpoint(clock);
  keys = remoteKeys();
  failures.length = 0;
});

describe('fetching', () => {
  it('is done once for many callers', async () => {
    endpoint.latencyMs = 50;
    const all = Promise.all(Array.from({ length: 100 }, () => find('one')));
    await clock.advance(50);
    expect(await all).toHaveLength(100);
    expect(endpoint.fetches).toBe(1);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('can be done ahead, for readiness', async () => {
    await keys.load();
    await keys.load();
    await find('one');
    expect(endpoint.fetches).toBe(1);
  });

  it('of stale keys happens behind the callers’ backs', async () => {
    await find('one');
    await clock.advance(300_000);
    endpoint.latencyMs = 1_000;
    expect(await Promise.all([outcome(find('one')), outcome(find('one'))])).toEqual(['found', 'found']);
    expect(endpoint.fetches).toBe(2);
    expect(endpoint.open).toBe(1);
    await clock.advance(1_000);
    expect(endpoint.open).toBe(0);
  });

  it('drops a key that the issuer withdrew', async () => {
    endpoint.answer = () => Response.json(keySet('one', 'two'));
    await find('two');
    endpoint.answer = () => Response.json(keySet('one'));
    await clock.advance(300_000);
    await find('one');
    await clock.advance(1_000);
    expect(await outcome(find('two'))).toBe('no such key');
  });
});

describe('an unknown key id', () => {
  it('causes a fetch, so that a rotation refuses nobody', async () => {
    await find('one');
    await clock.advance(1_000);
    endpoint.answer = () => Response.json(keySet('one', 'two'));
    expect(await outcome(find('two'))).toBe('found');
    expect(endpoint.fetches).toBe(2);
  });

  it('within the cool-down waits for its end', async () => {
    await find('one');
    await clock.advance(400);
    endpoint.answer = () => Response.json(keySet('two'));
    const found = outcome(find('two'));
    await clock.advance(599);
    expect(endpoint.fetches).toBe(1);
    await clock.advance(1);
    expect(await found).toBe('found');
  });

  it('a thousand times over costs one fetch per second', async () => {
    await find('one');
    const all = Promise.all(Array.from({ length: 1_000 }, (_, index) => outcome(find(`invented-${index}`))));
    await clock.advance(1_000);
    expect(new Set(await all)).toEqual(new Set(['no such key']));
    expect(endpoint.fetches).toBe(2);
    expect(await outcome(find('one'))).toBe('found');
    expect(clock.pendingTimers()).toBe(0);
  });
});

describe('an issuer that is down', () => {
  const down = () => {
    endpoint.answer = () => Promise.reject(new TypeError('fetch failed'));
  };

  it('is not asked more than once a second, and less often as time goes by', async () => {
    down();
    const started: number[] = [];
    for (let step = 0; step < 600; step++) {
      const before = endpoint.fetches;
      expect(await outcome(find('one'))).toMatchObject({ code: 'unavailable' });
      if (endpoint.fetches > before) started.push(clock.now());
      await clock.advance(100);
    }
    expect(started).toEqual([0, 1_000, 3_000, 7_000, 15_000, 25_000, 35_000, 45_000, 55_000]);
    expect(failures).toHaveLength(started.length);
  });

  it('says unavailable and when to come back, at once while backing off', async () => {
    down();
    await outcome(find('one'));
    await clock.advance(300);
    const error = await outcome(find('one'));
    expect(error).toMatchObject({ code: 'unavailable', retryAfterMs: 700 });
    expect((error as AppError).message).not.toContain('issuer.test');
  });

  it('for half an hour costs no valid token its life', async () => {
    await find('one');
    down();
    for (let second = 0; second < 1_800; second++) {
      await clock.advance(1_000);
      expect(await outcome(find('one'))).toBe('found');
    }
    // 1 500 s after the keys went stale, one fetch in ten seconds once backed off.
    expect(endpoint.fetches).toBeLessThan(170);
  });

  it('cannot tell whether an unknown key id is right, and says unavailable', async () => {
    await find('one');
    await clock.advance(1_000);
    down();
    expect(await outcome(find('two'))).toMatchObject({ code: 'unavailable' });
    expect(await outcome(find('one'))).toBe('found');
  });

  it('is used again as soon as it answers after a back-off', async () => {
    down();
    await outcome(find('one'));
    endpoint.answer = () => Response.json(keySet('one'));
    await clock.advance(1_000);
    expect(await outcome(find('one'))).toBe('found');
  });

  it('is given up after the time limit, also when it hangs', async () => {
    endpoint.latencyMs = 60_000;
    const waiting = outcome(find('one'));
    await clock.advance(2_999);
    expect(endpoint.open).toBe(1);
    await clock.advance(1);
    expect(await waiting).toMatchObject({ code: 'unavailable' });
    expect(endpoint.open).toBe(0);
    expect(clock.pendingTimers()).toBe(0);
  });

  it.each([
    ['an error page', () => new Response('<html>', { status: 502 })],
    ['a page that is not JSON', () => new Response('<html>')],
    ['an empty set', () => Response.json({ keys: [] })],
    ['something else', () => Response.json([])],
    ['members that are no keys', () => Response.json({ keys: ['a'] })],
  ])('or answers with %s keeps the last good keys', async (_circumstance, answer) => {
    await find('one');
    endpoint.answer = answer;
    await clock.advance(300_000);
    expect(await outcome(find('one'))).toBe('found');
    await clock.advance(1_000);
    expect(await outcome(find('one'))).toBe('found');
    expect(failures.length).toBeGreaterThan(0);
  });
});
