import { randomBytes } from 'node:crypto';
import { createStaticKeys } from '@bff/auth';
import {
  createCookieJar,
  createKeyRing,
  createLogoutTokens,
  createOpenIdIssuer,
  createSessions,
  createSignIn,
  readCookies,
  requireSameOrigin,
  type CookieJar,
  type KeyRing,
  type LogoutTokens,
  type OpenIdIssuer,
  type Sessions,
  type SignIn,
} from '@bff/auth/session';
import { startTestProvider, type TestProvider } from '@bff/auth/testing';
import { AppError, Secret } from '@bff/core';
import { createHttpApp, openState, startHttpListener, type ProcessKit } from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';
import { signInTarget } from '../world/open-sign-in.ts';
import { site } from '../wire/sign-in-requests.ts';
import type { Specimen } from './specimen.ts';

type State = Awaited<ReturnType<typeof openState>>;
type Changed<T> = (right: T) => T;

/** Each part as it is made for web-bff, or changed on the way. */
export interface SignInControls {
  readonly cookies: CookieJar;
  readonly sameOrigin: typeof requireSameOrigin;
  readonly state: Changed<State>;
  readonly keys: Changed<KeyRing>;
  readonly issuer: (right: OpenIdIssuer, provider: TestProvider) => OpenIdIssuer;
  readonly signIn: Changed<SignIn>;
  readonly sessions: Changed<Sessions>;
  readonly logoutTokens: Changed<LogoutTokens>;
}

const clientSecret = 'a secret of the client';

/** Everything on. */
export const signInControls: SignInControls = {
  cookies: createCookieJar({ secure: true }),
  sameOrigin: requireSameOrigin,
  state: (right) => right,
  keys: (right) => right,
  issuer: (right) => right,
  signIn: (right) => right,
  sessions: (right) => right,
  logoutTokens: (right) => right,
};

/** One instance that signs browsers in, made of what web-bff is made of, with these controls and no others. */
export async function openSignInSpecimen(controls: SignInControls): Promise<Specimen> {
  const provider = await startTestProvider('urn:bff:web-bff');
  const kit = createTestKit({ randomHex: (bytes) => randomBytes(bytes).toString('hex') });
  const state = await openState({ STATE_FILE: ':memory:', REDIS_URL: undefined }, kit);
  const parts = openParts(controls, { provider, kit, state: controls.state(state) });
  const handler = createHttpApp({ kit, requestTimeoutMs: 5_000, mount: (app) => mountRoutes(app, parts) });
  const listener = await startHttpListener({ handler, address: { host: '127.0.0.1', port: 0 }, kit });
  return {
    target: signInTarget({
      server: 'specimen',
      isAlive: () => true,
      publicAddresses: [provider.issuer, encodeURIComponent(provider.issuer)],
      signIn: { provider, urls: [listener.url], clientSecret },
    }),
    async close() {
      await parts.sessions.close();
      await listener.close(0);
      await state.close();
      await provider.close();
    },
  };
}

function openParts(
  controls: SignInControls,
  { provider, kit, state }: { provider: TestProvider; kit: ProcessKit; state: State },
) {
  const { clock, randomHex, audit } = kit;
  const { cookies } = controls;
  const keys = controls.keys(createKeyRing([new Secret(randomHex(32))], randomHex));
  const issuer = controls.issuer(
    createOpenIdIssuer({
      ...{
        issuer: provider.issuer,
        clientId: 'web',
        clientSecret: new Secret(clientSecret),
        clock,
      },
      ...{ scope: 'openid offline_access', resource: 'urn:bff:web-bff' },
    }),
    provider,
  );
  const signIn = createSignIn({ issuer, keys, state, cookies, clock, randomHex });
  const times = { idleMs: 60_000, maxMs: 600_000 };
  const sessions = createSessions({ state, keys, issuer, clock, randomHex, audit, ...times });
  const logoutKeys = createStaticKeys(provider.jwks);
  const logoutTokens = createLogoutTokens({
    ...{ issuer: provider.issuer, clientId: 'web', keys: logoutKeys, state, clock },
  });
  return {
    cookies,
    sameOrigin: controls.sameOrigin,
    signIn: controls.signIn(signIn),
    sessions: controls.sessions(sessions),
    logoutTokens: controls.logoutTokens(logoutTokens),
  };
}

type App = ReturnType<typeof createHttpApp>;

/** What web-bff's routes do, without its audit log, its pages and what the issuer is told. */
function mountRoutes(
  app: App,
  { cookies: jar, sameOrigin, signIn, sessions, logoutTokens }: ReturnType<typeof openParts>,
) {
  const sessionOf = (header: string | undefined) => readCookies(header).get(jar.session) ?? '';
  app.get('/auth/login', async ({ query, headers }, response) => {
    const begin = { returnTo: query['returnTo'], redirectUri: `${site}/auth/callback` };
    const { url, setCookies } = await signIn.begin({ ...begin, cookies: readCookies(headers.cookie) });
    response.append('Set-Cookie', setCookies).redirect(303, url);
  });
  app.get('/auth/callback', async ({ originalUrl, headers }, response) => {
    const { search } = new URL(originalUrl, site);
    const attempt = { search, cookies: readCookies(headers.cookie) };
    response.append('Set-Cookie', signIn.leftovers(attempt));
    const { grant, returnTo } = await signIn.finish(attempt);
    const value = await sessions.begin(grant, sessionOf(headers.cookie));
    response.append('Set-Cookie', jar.set(jar.session, value)).redirect(303, returnTo);
  });
  app.post('/auth/logout', async ({ method, headers }, response) => {
    sameOrigin({ method, headers, origins: [site] });
    await sessions.end(sessionOf(headers.cookie));
    response.append('Set-Cookie', jar.clear(jar.session)).json({ signedIn: false });
  });
  app.post('/auth/backchannel-logout', async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const token = new URLSearchParams(Buffer.concat(chunks).toString()).get('logout_token') ?? '';
    await logoutTokens.accept(token, async (owner) => {
      await sessions.endAll(owner);
    });
    response.end();
  });
  app.get('/v1/me', async ({ headers }, response) => {
    const found = await sessions.find(sessionOf(headers.cookie), { mayBeStale: true });
    if (!found) throw new AppError('unauthenticated', 'Your session has ended; sign in again.');
    response.setHeader('Cache-Control', 'no-store');
    response.json({ subject: found.subject });
  });
}
