import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AppError, systemClock, type Call } from '@bff/core';
import { createManualClock, openTestContext } from '@bff/core/testing';
import { createConcurrencyLimiter, type Priority } from './concurrency-limiter.ts';
import { holdPermit, limitConcurrency } from './limit-concurrency.ts';

describe('limitConcurrency', () => {
  const limiterOfOne = () =>
    createConcurrencyLimiter({ clock: createManualClock(), minLimit: 1, startLimit: 1 });

  async function call(run: Call<string, string>, limiter = limiterOfOne()) {
    const { context, close } = openTestContext();
    try {
      const outcome: unknown = await limitConcurrency<string, string>(
        limiter,
        'critical',
      )(run)('request', context).catch((thrown: unknown) => thrown);
      return { outcome, limiter };
    } finally {
      close();
    }
  }

  it('lets a call through and gives its place back', async () => {
    const { outcome, limiter } = await call((request) => Promise.resolve(`${request} done`));
    expect(outcome).toBe('request done');
    expect(limiter.state()).toMatchObject({ inFlight: 0, priorities: { critical: { admitted: 1 } } });
  });

  it('gives the place back when the call fails', async () => {
    const failure = new AppError('not_found', 'No such order.');
    const { outcome, limiter } = await call(() => Promise.reject(failure));
    expect(outcome).toBe(failure);
    expect(limiter.state().inFlight).toBe(0);
  });

  it('does not begin what it refuses', async () => {
    const limiter = limiterOfOne();
    limiter.acquire('critical');
    let begun = false;
    const { outcome } = await call(() => Promise.resolve(String((begun = true))), limiter);
    expect(outcome).toMatchObject({ code: 'unavailable' });
    expect(begun).toBe(false);
  });

  it('asks for the priority of each request', async () => {
    const limiter = createConcurrencyLimiter({ clock: createManualClock() });
    const filter = limitConcurrency<Priority, string>(limiter, (request) => request);
    const { context, close } = openTestContext();
    await filter(() => Promise.resolve('ok'))('background', context);
    close();
    expect(limiter.state().priorities.background.admitted).toBe(1);
  });
});

describe('holdPermit on a Node server', () => {
  const limiter = createConcurrencyLimiter({ clock: systemClock, minLimit: 1, startLimit: 1 });
  const pending: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    try {
      holdPermit(limiter.acquire('critical'), response);
      pending.push(response);
      server.emit('held');
    } catch (thrown) {
      const { retryAfterMs = 0 } = AppError.from(thrown);
      response.writeHead(503, { 'Retry-After': Math.ceil(retryAfterMs / 1_000) }).end();
    }
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('holds the place while the response is open, answers 503 beyond, and frees it when the response or its client is gone', async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const send = () => get({ port, agent: false });

    const first = send();
    await once(server, 'held');
    const [refused] = (await once(send(), 'response')) as [IncomingMessage];
    refused.resume();
    expect([refused.statusCode, Number(refused.headers['retry-after'])]).toEqual([503, expect.any(Number)]);

    const [done] = pending;
    const closed = once(done as ServerResponse, 'close');
    done?.end();
    await once(first, 'response');
    await closed;
    expect(limiter.state().inFlight).toBe(0);

    const leaving = send();
    leaving.on('error', () => undefined);
    await once(server, 'held');
    const left = once(pending[1] as ServerResponse, 'close');
    leaving.destroy();
    await left;
    expect(limiter.state().inFlight).toBe(0);
  });
});
