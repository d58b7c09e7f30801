import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { auditServer } from 'graphql-http';
import { startTestApp, type RunningMobileBff } from './testing/running-app.ts';

let bff: RunningMobileBff;
beforeAll(async () => {
  bff = await startTestApp();
});
afterAll(() => bff.close());

/** GET without the header against forged requests: the audit may find it wanting, and CSRF prevention is the reason. */
const refusedForProtection = ['5A70', 'D6D5', '6A70'];

it('passes the public audit of GraphQL over HTTP with CSRF prevention on', async () => {
  const authorization = `Bearer ${await bff.token()}`;
  const results = await auditServer({
    url: `${bff.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), authorization } }),
  });
  const of = (status: string) => results.filter((result) => result.status === status);
  const counts = `${of('ok').length} ok, ${of('notice').length} notices, ${of('warn').length} warnings, ${of('error').length} errors`;
  process.stdout.write(`GraphQL over HTTP audit (${results.length} checks): ${counts}\n`);
  const found = (status: string) => of(status).map(({ id, name }) => `${id} ${name}`);
  expect([found('warn'), found('error')]).toEqual([[], []]);
  expect(
    of('notice')
      .map(({ id }) => id)
      .sort(),
  ).toEqual(refusedForProtection.sort());
  expect(of('ok').length).toBeGreaterThanOrEqual(58);
});
