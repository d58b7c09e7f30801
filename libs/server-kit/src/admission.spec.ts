import { afterEach, describe, expect, it } from '@jest/globals';
import { AppError, type Principal } from '@bff/core';
import { openTestContext } from '@bff/core/testing';
import { z } from 'zod';
import {
  admissionVariables,
  authenticate,
  createAdmission,
  createHttpApp,
  readConfiguration,
} from './index.ts';
import { startHttpListener } from './http/http-listener.ts';
import type { Listener } from './listener.ts';
import { createTestKit } from './testing/index.ts';

const alice: Principal = { subject: 'alice', client: 'test', scopes: [], roles: [] };
const closing: Listener[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((listener) => listener.close(0)));
});

async function serve(environment: Record<string, string>) {
  const kit = createTestKit();
  const admission = await createAdmission(
    readConfiguration(z.object(admissionVariables()), environment),
    kit,
  );
  const release = Promise.withResolvers<undefined>();
  let waiting = 0;
  const app = createHttpApp({
    kit,
    requestTimeoutMs: 5_000,
    mount(app) {
      app.use(
        admission.arrivals,
        authenticate((request) => {
          const { authorization: subject = 'alice', 'x-app': client = 'test' } = request.headers;
          return Promise.resolve({ ...alice, subject, client: String(client) });
        }),
        ...admission.requests,
      );
      app.all('/slow', async (_request, response) => {
        waiting += 1;
        await release.promise;
        response.json({});
      });
      app.get('/fast', (_request, response) => {
        response.json({});
      });
    },
  });
  const address = { host: '127.0.0.1', port: 0 };
  const listener = await startHttpListener({ handler: app, address, kit });
  closing.push(listener);
  const get = (path: string, method = 'GET', headers: Record<string, string> = {}) =>
    fetch(listener.url + path, { method, headers });
  const untilWaiting = async (count: number) => {
    while (waiting < count) await new Promise((resolve) => setImmediate(resolve));
  };
  return { admission, get, release, untilWaiting };
}

describe('admission over HTTP', () => {
  it('says how much of the user’s limit is left, and refuses what is over it', async () => {
    const { get } = await serve({ RATE_LIMIT_PER_MINUTE: '2' });
    const answers = [await get('/fast'), await get('/fast'), await get('/fast')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[0]?.headers.get('ratelimit')).toMatch(
      /^"user";r=1;t=\d+, "client";r=199;t=\d+, "address";r=19;t=\d+$/,
    );
    expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('counts one address, whoever asks from there, before it looks at who that is', async () => {
    const { get } = await serve({ RATE_LIMIT_PER_ADDRESS_PER_MINUTE: '2' });
    const statuses = [];
    for (const authorization of ['alice', 'bob', 'carol'])
      statuses.push((await get('/fast', 'GET', { authorization })).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  it('counts one client, whoever uses it; a user over his own limit does not use it up', async () => {
    const { get } = await serve({ RATE_LIMIT_PER_MINUTE: '2', RATE_LIMIT_PER_CLIENT_PER_MINUTE: '3' });
    const statuses = [];
    for (const authorization of ['alice', 'alice', 'alice', 'bob', 'carol'])
      statuses.push((await get('/fast', 'GET', { authorization })).status);
    expect(statuses).toEqual([200, 200, 429, 200, 429]);
    expect((await get('/fast', 'GET', { authorization: 'dave', 'x-app': 'other' })).status).toBe(200);
  });

  it('refuses at once what it has no room for, keeps room for writes, and lets in again what fits', async () => {
    const { admission, get, release, untilWaiting } = await serve({ CONCURRENCY_MIN: '2' });
    const held = [get('/slow'), get('/slow'), get('/slow')];
    await untilWaiting(3);
    const writing = get('/slow', 'POST');
    await untilWaiting(4);
    const refused = await get('/fast');
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([503, 'unavailable']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    release.resolve(undefined);
    expect((await Promise.all([...held, writing])).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await get('/fast')).status).toBe(200);
    expect(admission.state().inFlight).toBeLessThanOrEqual(1);
  });
});

describe('admission over gRPC', () => {
  it('counts calls by where they come from', async () => {
    const { admission } = await serve({ RATE_LIMIT_PER_ADDRESS_PER_MINUTE: '1' });
    const from = (address: string, isClient = true) =>
      admission.arrivalGate({ name: 'GetOrder', rpcPath: '/x', peer: '', origin: { address, isClient } });
    await from('2001:db8::1');
    await expect(from('2001:db8::2')).rejects.toMatchObject({ code: 'resource_exhausted' });
    await from('2001:db8:0:1::1');
    // A proxy that does not say for whom it asks is not one client.
    await from('10.0.0.1', false);
    await from('10.0.0.1', false);
  });

  it('counts calls against their user’s limit', async () => {
    const { admission } = await serve({ RATE_LIMIT_PER_MINUTE: '1' });
    const scope = openTestContext();
    const info = {
      name: 'GetOrder',
      rpcPath: '/x/GetOrder',
      peer: '127.0.0.1:1',
      origin: { address: '127.0.0.1', isClient: true },
    };
    await admission.gate(info, scope.context);
    await expect(admission.gate(info, scope.context)).rejects.toMatchObject({ code: 'resource_exhausted' });
    scope.close();
  });

  it('gives a place back however the call ends', async () => {
    const { admission } = await serve({});
    const scope = openTestContext();
    const fails = admission.room<string, string>('normal')(() =>
      Promise.reject(new AppError('not_found', 'No.')),
    );
    await expect(fails('x', scope.context)).rejects.toMatchObject({ code: 'not_found' });
    expect(admission.state().inFlight).toBe(0);
    scope.close();
  });
});

describe('admission with a Redis that is away', () => {
  it('starts all the same and counts in memory', async () => {
    const { admission, get } = await serve({ REDIS_URL: 'redis://127.0.0.1:9', RATE_LIMIT_PER_MINUTE: '1' });
    expect([(await get('/fast')).status, (await get('/fast')).status]).toEqual([200, 429]);
    admission.close();
  });
});
