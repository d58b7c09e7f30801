import { afterEach, describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import type { AuditEvent } from '@bff/observability';
import { startAdminListener, type AdminOptions } from './admin-listener.ts';
import type { Phase } from './lifecycle.ts';
import type { Listener } from './listener.ts';
import { createTestKit } from './testing/index.ts';

const open: Listener[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close(0)));
});

async function start(overrides: Partial<AdminOptions> = {}) {
  const listener = await startAdminListener({
    kit: createTestKit(),
    address: { host: '127.0.0.1', port: 0 },
    phase: (): Phase => ({ name: 'ready', since: new Date(0) }),
    readiness: {},
    info: () => ({ upstreams: {} }),
    routes: [],
    ...overrides,
  });
  open.push(listener);
  return async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${listener.url}${path}`, init);
    return { status: response.status, text: await response.text() };
  };
}

describe('admin listener', () => {
  it('lives without dependencies and is ready only with them', async () => {
    let away = true;
    const store = () => {
      if (away) throw new Error('the database does not answer');
    };
    const get = await start({ readiness: { store } });
    expect((await get('/livez')).status).toBe(200);
    const refused = await get('/readyz');
    expect([refused.status, JSON.parse(refused.text)]).toEqual([
      503,
      { ready: false, phase: 'ready', checks: { store: 'the database does not answer' } },
    ]);
    away = false;
    expect((await get('/readyz')).status).toBe(200);
  });

  it('is not ready while it starts or drains', async () => {
    let phase: Phase = { name: 'starting' };
    const get = await start({ phase: () => phase });
    expect((await get('/readyz')).status).toBe(503);
    phase = { name: 'draining', since: new Date(0), reason: 'SIGTERM' };
    expect((await get('/readyz')).status).toBe(503);
    expect((await get('/livez')).status).toBe(200);
  });

  it('shows metrics and what the process is', async () => {
    const get = await start();
    expect((await get('/metrics')).text).toContain('process_cpu_user_seconds_total');
    expect(JSON.parse((await get('/info')).text)).toMatchObject({
      name: 'test',
      instance: 'test-1',
      pid: process.pid,
      phase: { name: 'ready' },
      upstreams: {},
    });
  });

  it('runs the app’s own routes and answers faults as problems', async () => {
    const get = await start({
      routes: [
        { method: 'PUT', path: '/settings', handle: (body) => ({ got: body }) },
        {
          method: 'GET',
          path: '/settings',
          handle: () => {
            throw new AppError('invalid_argument', 'No.');
          },
        },
      ],
    });
    const put = (body: string) => get('/settings', { method: 'PUT', body });
    expect(JSON.parse((await put('{"hang":true}')).text)).toEqual({ got: { hang: true } });
    expect((await put('{hang')).status).toBe(400);
    expect((await put(JSON.stringify('x'.repeat(70_000)))).status).toBe(400);
    expect((await get('/settings')).status).toBe(400);
    expect((await get('/nothing')).status).toBe(404);
  });

  it('notes who changes something, and lets no page do it', async () => {
    const audited: AuditEvent[] = [];
    const send = await start({
      kit: createTestKit({ audit: (event) => void audited.push(event) }),
      routes: [{ method: 'POST', path: '/faults', handle: () => ({}) }],
    });
    const post = (headers: Record<string, string>) => send('/faults', { method: 'POST', headers });
    expect((await post({})).status).toBe(200);
    expect((await post({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await post({ 'sec-fetch-site': 'same-origin' })).status).toBe(403);
    await send('/livez');
    expect(audited.map(({ action, outcome, target, status }) => [action, outcome, target, status])).toEqual([
      ['administration', 'success', 'POST /faults', '200'],
      ['administration', 'refused', 'POST /faults', '403'],
      ['administration', 'refused', 'POST /faults', '403'],
    ]);
  });
});
