import { expect, it } from '@jest/globals';
import { runProvider } from './testing/running-provider.ts';

/** Nobody listens there. */
const away = { REDIS_URL: 'redis://127.0.0.1:1' };

it('while the state is away says so in OAuth’s words, and when to come again', async () => {
  const provider = await runProvider(away);
  const mobile = { client_id: 'mobile', grant_type: 'refresh_token', refresh_token: 'x'.repeat(43) };
  const asked: [path: string, form: Record<string, string>][] = [
    ['/token', mobile],
    ['/device/auth', { client_id: 'wearable', scope: 'openid' }],
  ];
  for (const [path, form] of asked) {
    const response = await fetch(provider.url + path, { method: 'POST', body: new URLSearchParams(form) });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await response.json()).toEqual({
      error: 'temporarily_unavailable',
      error_description: 'This is not possible for the moment; try again shortly.',
    });
  }
  expect((await fetch(`${provider.url}/jwks`)).status).toBe(200);
  await provider.close();
});
