import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createManualClock } from '@bff/core/testing';
import type { Endpoint } from '../endpoint.ts';
import { createSeededRandom } from '../simulator/seeded-random.ts';
import { createDnsDiscovery, type ResolvedAddress } from './dns-discovery.ts';
import { createFileDiscovery, parseEndpointList } from './file-discovery.ts';
import { createStaticDiscovery } from './static-discovery.ts';

const ids = (endpoints: readonly Endpoint[] | undefined) => endpoints?.map(({ id }) => id);

describe('createStaticDiscovery', () => {
  it('tells its list once', () => {
    const told: (readonly Endpoint[])[] = [];
    createStaticDiscovery([{ id: 'a', url: 'http://a' }]).start((endpoints) => told.push(endpoints))();
    expect(told.map(ids)).toEqual([['a']]);
  });
});

describe('createDnsDiscovery', () => {
  function openDns(url = 'http://orders:3000') {
    const clock = createManualClock();
    const told: (readonly Endpoint[])[] = [];
    const errors: unknown[] = [];
    const server = {
      answer: async (): Promise<ResolvedAddress[]> => [{ address: '10.0.0.1' }, { address: '10.0.0.2' }],
    };
    const discovery = createDnsDiscovery({
      url,
      resolve: () => server.answer(),
      clock,
      random: createSeededRandom(1),
      onError: (error) => errors.push(error),
    });
    const stop = discovery.start((endpoints) => told.push(endpoints));
    return { clock, told, errors, server, stop };
  }

  it('tells a new address and one that has gone within 2 s', async () => {
    const { clock, told, server, stop } = openDns();
    await clock.advance(0);
    expect(ids(told.at(-1))).toEqual(['10.0.0.1:3000', '10.0.0.2:3000']);
    server.answer = async () => [{ address: '10.0.0.3' }, { address: '10.0.0.2' }];
    await clock.advance(2_000);
    expect(ids(told.at(-1))).toEqual(['10.0.0.2:3000', '10.0.0.3:3000']);
    stop();
  });

  it('keeps the last good list when resolving fails or is empty', async () => {
    const { clock, told, errors, server, stop } = openDns();
    await clock.advance(0);
    server.answer = async () => [];
    await clock.advance(4_000);
    server.answer = () => Promise.reject(new Error('SERVFAIL'));
    await clock.advance(4_000);
    expect(told).toHaveLength(1);
    expect(errors.length).toBeGreaterThanOrEqual(4);
    stop();
  });

  it('does not tell the same addresses in another order', async () => {
    const { clock, told, server, stop } = openDns();
    await clock.advance(0);
    server.answer = async () => [{ address: '10.0.0.2' }, { address: '10.0.0.1' }];
    await clock.advance(10_000);
    expect(told).toHaveLength(1);
    stop();
  });

  it('reads IPv6 addresses, and ports and weights from SRV', async () => {
    const { clock, told, server, stop } = openDns('grpc://_grpc._tcp.orders');
    server.answer = async () => [
      { address: 'fd00::7', port: 50051, weight: 0 },
      { address: 'orders-1.local', port: 50052, weight: 3 },
    ];
    await clock.advance(2_000);
    expect(told.at(-1)).toEqual([
      { id: '[fd00::7]:50051', url: 'grpc://[fd00::7]:50051', weight: 1 },
      { id: 'orders-1.local:50052', url: 'grpc://orders-1.local:50052', weight: 3 },
    ]);
    stop();
  });

  it('leaves no timer behind, and tells nothing after it was stopped', async () => {
    const { clock, told, server, stop } = openDns();
    await clock.advance(0);
    let answer: (addresses: ResolvedAddress[]) => void = () => undefined;
    server.answer = () => new Promise((resolve) => (answer = resolve));
    await clock.advance(2_000);
    stop();
    answer([{ address: '10.0.0.9' }]);
    await clock.advance(10_000);
    expect(told).toHaveLength(1);
    expect(clock.pendingTimers()).toBe(0);
  });
});

describe('createFileDiscovery', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'endpoints-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Real files take real time: moves virtual time on until it has come about. */
  async function until(clock: ReturnType<typeof createManualClock>, happened: () => boolean) {
    for (let i = 0; i < 2_000 && !happened(); i++) await clock.advance(100);
    expect(happened()).toBe(true);
  }

  it('follows a file that is replaced by renaming, and keeps the last good list when it is broken', async () => {
    const path = join(folder, 'endpoints.json');
    await writeFile(path, '["http://a:3000"]');
    const clock = createManualClock();
    const told: (readonly Endpoint[])[] = [];
    const errors: unknown[] = [];
    const random = createSeededRandom(1);
    const discovery = createFileDiscovery({ path, clock, random, onError: (error) => errors.push(error) });
    const stop = discovery.start((endpoints) => told.push(endpoints));
    await until(clock, () => told.length === 1);
    await writeFile(`${path}.new`, '[{ "url": "http://b:3000", "weight": 2 }]');
    await rename(`${path}.new`, path);
    await until(clock, () => told.length === 2);
    await writeFile(path, '{');
    await until(clock, () => errors.length > 0);
    await writeFile(path, '[]');
    await until(clock, () => errors.some((error) => String(error).includes('No endpoint')));
    stop();
    expect(told).toEqual([
      [{ id: 'a:3000', url: 'http://a:3000' }],
      [{ id: 'b:3000', url: 'http://b:3000', weight: 2 }],
    ]);
  });

  it.each([
    ['{', 'is not JSON'],
    ['{}', 'must hold a JSON list'],
    ['["http://a", 7]', 'entry 2: expected'],
    ['["nonsense"]', 'entry 1: expected'],
    ['[{ "url": "http://a", "weight": -1 }]', 'entry 1: the weight'],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => parseEndpointList(text, 'endpoints.json')).toThrow(message);
  });
});
