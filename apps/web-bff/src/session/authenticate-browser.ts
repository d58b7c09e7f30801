import { readCookies, requireSameOrigin } from '@bff/auth/session';
import { AppError, type Principal } from '@bff/core';
import { contextOf, setContext, type ClientIdentity } from '@bff/server-kit';
import type { Request, RequestHandler } from 'express';
import type { BrowserSessions } from './open-sessions.ts';

/** Whether a request changes nothing; then memory will do while the store is away. */
export function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** The session cookie's value, if there is one. */
export function sessionCookieOf({ headers }: Request, { cookies }: BrowserSessions): string | undefined {
  return readCookies(headers.cookie).get(cookies.session);
}

/**
 * Puts the principal into the context: of the session when the cookie is there, else of the bearer token. Both at once are
 * refused, for it would not be clear who asks.
 */
export function authenticateBrowser(browser: BrowserSessions, identity: ClientIdentity): RequestHandler {
  const { sessions, cookies, publicUrls } = browser;

  return async (request, response, next) => {
    // `headersDistinct`, so that a second Authorization header is seen and refused.
    const bearer = request.headersDistinct.authorization;
    const cookie = sessionCookieOf(request, browser);
    let principal: Principal;
    if (cookie === undefined) {
      principal = await identity.authenticate(bearer);
    } else {
      if (bearer)
        throw new AppError('invalid_argument', 'Send a session cookie or an access token, not both.');
      requireSameOrigin({ method: request.method, headers: request.headers, origins: publicUrls });
      const session = await sessions.find(cookie, { mayBeStale: isRead(request) });
      if (!session) {
        response.append('Set-Cookie', cookies.clear(cookies.session));
        throw new AppError('unauthenticated', 'Your session has ended; sign in again.');
      }
      principal = await identity.authenticate(`Bearer ${session.tokens.accessToken}`);
      // What a session shows is for nobody's cache: not after sign-out, not with the back button.
      response.setHeader('Cache-Control', 'no-store');
    }
    setContext(request, { ...contextOf(request), principal });
    next();
  };
}

/** Calls `end` when the session that a request was sent with ends anywhere; never for one with an access token. */
export function whenSignedOut(browser: BrowserSessions, request: Request, end: () => void): () => void {
  const cookie = sessionCookieOf(request, browser);
  return cookie === undefined ? () => undefined : browser.sessions.onEnded(cookie, end);
}
