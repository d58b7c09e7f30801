import { readCookies, requireSameOrigin } from '@bff/auth/session';
import { AppError } from '@bff/core';
import { clientAddressOf, type ProcessKit } from '@bff/server-kit';
import express, { Router, type Request, type Response } from 'express';
import { methodNotAllowed } from '../errors.ts';
import { sessionCookieOf } from './authenticate-browser.ts';
import type { BrowserSessions } from './open-sessions.ts';

const callbackPath = '/auth/callback';
const maxLogoutTokenBytes = 16_384;

/** `/auth/…`: sign-in, sign-out, who is signed in, and the issuer's word that somebody has signed out there. */
export function createSessionRoutes(browser: BrowserSessions, { audit }: Pick<ProcessKit, 'audit'>): Router {
  const { cookies, issuer, sessions, signIn, logoutTokens, publicUrls } = browser;
  const router = Router({ caseSensitive: true, strict: true });
  router.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });

  router.get('/login', async (request, response) => {
    const { url, setCookies } = await signIn.begin({
      returnTo: request.query['returnTo'],
      redirectUri: publicUrlOf(request, publicUrls) + callbackPath,
      cookies: readCookies(request.headers.cookie),
    });
    response.append('Set-Cookie', setCookies).redirect(303, url);
  });

  router.get('/callback', async (request, response) => {
    const attempt = { search: searchOf(request), cookies: readCookies(request.headers.cookie) };
    const address = clientAddressOf(request);
    try {
      const { grant, returnTo } = await signIn.finish(attempt);
      const value = await sessions.begin(grant, sessionCookieOf(request, browser));
      audit({ action: 'sign_in', outcome: 'success', subject: grant.subject, address });
      response.append('Set-Cookie', [...signIn.leftovers(attempt), cookies.set(cookies.session, value)]);
      response.redirect(303, returnTo);
    } catch (thrown) {
      const { code } = AppError.from(thrown);
      audit({ action: 'sign_in', outcome: 'refused', reason: code, address });
      response.append('Set-Cookie', signIn.leftovers(attempt));
      // The user's own decision is no error.
      if (code !== 'permission_denied') throw thrown;
      response.redirect(303, '/?signIn=cancelled');
    }
  });

  router.get('/session', async (request, response) => {
    const cookie = sessionCookieOf(request, browser);
    const session = cookie === undefined ? undefined : await sessions.find(cookie, { mayBeStale: true });
    if (cookie !== undefined && !session) response.append('Set-Cookie', cookies.clear(cookies.session));
    if (!session) {
      response.json({ signedIn: false });
      return;
    }
    const { subject, name, endsAt } = session;
    response.json({ signedIn: true, subject, name: name ?? subject, endsAt: new Date(endsAt).toISOString() });
  });

  router.post('/logout', async (request, response) => {
    requireSameOrigin({ method: request.method, headers: request.headers, origins: publicUrls });
    const cookie = sessionCookieOf(request, browser);
    if (cookie === undefined) throw new AppError('unauthenticated', 'You are not signed in.');
    const ended = await sessions.end(cookie);
    if (ended) {
      audit({
        action: 'sign_out',
        outcome: 'success',
        subject: ended.subject,
        address: clientAddressOf(request),
      });
    }
    response.append('Set-Cookie', cookies.clear(cookies.session));
    // The session here is over; that at the issuer is ended there, if it can be reached.
    const home = `${publicUrlOf(request, publicUrls)}/`;
    const endSessionUrl = await issuer.endSessionUrl(home).catch(() => undefined);
    response.json({ signedIn: false, endSessionUrl: endSessionUrl ?? home });
  });

  const form = express.urlencoded({ extended: false, limit: maxLogoutTokenBytes, parameterLimit: 10 });
  router.post('/backchannel-logout', form, async (request, response) => {
    await logoutTokens.accept(logoutTokenOf(request), async (owner) => {
      const ended = await sessions.endAll(owner);
      const subject = 'subject' in owner ? owner.subject : undefined;
      audit({ action: 'sign_out', outcome: 'success', reason: `back_channel, ${ended} sessions`, subject });
    });
    sendNothing(response);
  });

  for (const path of ['/login', '/callback', '/session']) router.all(path, methodNotAllowed(['GET', 'HEAD']));
  for (const path of ['/logout', '/backchannel-logout']) router.all(path, methodNotAllowed(['POST']));
  return router;
}

/** The address under which the browser knows this site, if it is one of ours; a made-up Host changes nothing. */
function publicUrlOf({ headers }: Request, publicUrls: readonly string[]): string {
  return publicUrls.find((url) => new URL(url).host === headers.host) ?? publicUrls[0] ?? '';
}

function searchOf({ originalUrl }: Request): string {
  const at = originalUrl.indexOf('?');
  return at < 0 ? '' : originalUrl.slice(at);
}

function logoutTokenOf({ body }: Request): string {
  const token: unknown =
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>)['logout_token'] : undefined;
  if (typeof token === 'string') return token;
  throw new AppError('invalid_argument', 'The form must have one logout_token.');
}

function sendNothing(response: Response): void {
  response.status(200).end();
}
