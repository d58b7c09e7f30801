import { AppError, type Clock, type RandomHex } from '@bff/core';
import type { KeyValueStore } from '@bff/state';
import type { KeyRing } from './key-ring.ts';
import type { OpenIdIssuer, SignInSecrets } from './openid-issuer.ts';
import { safeReturnTo } from './return-to.ts';
import type { CookieJar } from './session-cookie.ts';
import type { SignInGrant } from './session-record.ts';

export interface SignInOptions {
  issuer: OpenIdIssuer;
  keys: KeyRing;
  state: KeyValueStore;
  cookies: CookieJar;
  clock: Clock;
  randomHex: RandomHex;
}

export interface SignIn {
  /** Where to send the browser, with the cookies that bind the sign-in to it. Rejects with `unavailable` when it could not be finished now. */
  begin(request: BeginSignIn): Promise<{ url: string; setCookies: string[] }>;
  /** Takes the issuer's answer, once. Rejects with an `AppError`. */
  finish(request: FinishSignIn): Promise<FinishedSignIn>;
  /** The cookies to clear whatever `finish` has said. */
  leftovers(request: FinishSignIn): string[];
}

export interface BeginSignIn {
  returnTo: unknown;
  redirectUri: string;
  /** What the browser sent. */
  cookies: ReadonlyMap<string, string>;
}

export interface FinishSignIn {
  /** The query of the callback, with its `?`. */
  search: string;
  cookies: ReadonlyMap<string, string>;
}

export interface FinishedSignIn {
  grant: SignInGrant;
  returnTo: string;
}

interface Attempt extends SignInSecrets {
  readonly returnTo: string;
  readonly endsAt: number;
}

/** How long the user may take at the issuer, in seconds. */
const attemptSeconds = 600;
/** Tabs in which one browser may be signing in at once; more are forgotten, for cookies have little room. */
const maxAttempts = 4;

/**
 * Signing in. All that is known of an attempt is in a sealed cookie of the browser that began it, so that any instance can finish it
 * and no other browser can.
 */
export function createSignIn(options: SignInOptions): SignIn {
  const { issuer, keys, state, cookies: jar, clock, randomHex } = options;
  const now = () => clock.date().getTime();

  const attemptOf = ({ search, cookies }: FinishSignIn): Attempt | undefined => {
    const [name, asked, ...more] = nameOf(search);
    const sealed = asked === undefined || more.length > 0 ? undefined : cookies.get(name);
    if (asked === undefined || sealed === undefined) return undefined;
    const text = keys.open(sealed, { purpose: 'sign-in', bound: asked });
    const attempt = text === undefined ? undefined : (JSON.parse(text) as Attempt);
    return attempt && attempt.endsAt > now() ? attempt : undefined;
  };
  const nameOf = (search: string): [string, ...string[]] => {
    const states = new URLSearchParams(search).getAll('state');
    return [jar.signIn(states[0] ?? ''), ...states];
  };

  return {
    async begin({ returnTo, redirectUri, cookies }) {
      // Rather now than after the user has given a password.
      await state.get('sign-in');
      const secrets = {
        state: randomHex(16),
        nonce: randomHex(16),
        verifier: randomHex(32),
        redirectUri,
      };
      const attempt: Attempt = {
        ...secrets,
        returnTo: safeReturnTo(returnTo),
        endsAt: now() + attemptSeconds * 1_000,
      };
      const sealed = keys.seal(JSON.stringify(attempt), { purpose: 'sign-in', bound: secrets.state });
      const others = [...cookies.keys()].filter((name) => jar.isSignIn(name));
      const forgotten = others.slice(0, Math.max(0, others.length - maxAttempts + 1));
      return {
        url: await issuer.authorizationUrl(secrets),
        setCookies: [
          ...forgotten.map((name) => jar.clear(name)),
          jar.set(jar.signIn(secrets.state), sealed, attemptSeconds),
        ],
      };
    },

    async finish(request) {
      const attempt = attemptOf(request);
      if (!attempt) {
        throw new AppError(
          'invalid_argument',
          'This sign-in was not begun in this browser, or too long ago; start again.',
        );
      }
      // Once: an issuer that sees a code twice takes back what it gave for it.
      const first = await state.compareAndSet(`sign-in:${attempt.state}`, undefined, '', {
        timeToLiveMs: attemptSeconds * 1_000,
      });
      if (first === undefined)
        throw new AppError('invalid_argument', 'This sign-in was finished already; start again.');
      return { grant: await issuer.redeem(request.search, attempt), returnTo: attempt.returnTo };
    },

    leftovers(request) {
      const [name] = nameOf(request.search);
      return request.cookies.has(name) ? [jar.clear(name)] : [];
    },
  };
}
