import { describe, expect, it } from '@jest/globals';
import { createCookieJar, type OpenIdIssuer, type Sessions, type SignIn } from '@bff/auth/session';
import type { TestProvider } from '@bff/auth/testing';
import { attacksOn } from './catalogue.ts';
import { namesThatGetThrough, namesThatHit } from './testing/names-that-get-through.ts';
import { openSignInSpecimen, signInControls, type SignInControls } from './testing/sign-in-specimen.ts';

const longestRunMs = 30_000;

/** Takes whatever ID token comes, as a client does that trusts the line it came over. */
function withoutChecks(right: OpenIdIssuer, { issuer }: TestProvider): OpenIdIssuer {
  return {
    ...right,
    async redeem(search, { verifier, redirectUri }) {
      const code = new URLSearchParams(search).get('code') ?? '';
      const grant = {
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
      };
      const response = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(grant) });
      const { id_token = '', access_token = '' } = (await response.json()) as Record<string, string>;
      const claims = Buffer.from(id_token.split('.')[1] ?? '', 'base64url').toString() || '{}';
      const { sub = 'nobody' } = JSON.parse(claims) as { sub?: string };
      const now = Date.now();
      return { subject: sub, tokens: { accessToken: access_token, issuedAt: now, expiresAt: now + 600_000 } };
    },
  };
}

/** Keeps what is asked for as the place to return to. */
function believingReturnTo(right: SignIn): SignIn {
  let asked = '';
  return {
    ...right,
    begin: (request) => {
      asked = encodeURI(String(request.returnTo));
      return right.begin(request);
    },
    finish: async (request) => ({ ...(await right.finish(request)), returnTo: asked }),
  };
}

const neverEnding = (right: Sessions): Sessions => ({ ...right, end: async () => undefined });
const inEveryName = (right: Sessions): Sessions => ({ ...right, begin: (grant) => right.begin(grant) });

/** Each control of sign-in and sessions, with the attacks that it answers. */
const mutations: readonly [control: string, changed: Partial<SignInControls>, answered: RegExp][] = [
  [
    'the checks of the issuer’s answer',
    { issuer: withoutChecks },
    /^sign-in: (?:an ID token with none|another nonce|a foreign issuer)/,
  ],
  [
    'the seal of the sign-in cookie',
    {
      keys: (right) => ({
        ...right,
        seal: (text, context) =>
          context.purpose === 'sign-in' ? encodeURIComponent(text) : right.seal(text, context),
        open: (text, context) =>
          context.purpose === 'sign-in' ? decodeURIComponent(text) : right.open(text, context),
      }),
    },
    /^sign-in: a sign-in cookie written by hand/,
  ],
  [
    'the one use of a sign-in',
    {
      state: (right) =>
        new Proxy(right, {
          get: (store, name) =>
            name === 'compareAndSet'
              ? async (...given: Parameters<typeof store.compareAndSet>) =>
                  /^(?:sign-in|logout-token):/.test(given[0]) ? '1' : store.compareAndSet(...given)
              : (Reflect.get(store, name) as unknown),
        }),
    },
    /^sign-in: finished twice|^logout token: used twice/,
  ],
  ['the check of where to return', { signIn: believingReturnTo }, /^sign-in: on to "https:\/\/evil/],
  ['flags of the cookie', { cookies: createCookieJar({ secure: false }) }, /^sign-in: what a page may learn/],
  ['a new session for a new user', { sessions: inEveryName }, /^sign-in: over somebody else/],
  ['the end of sessions', { sessions: neverEnding }, /^session: used after sign-out/],
  [
    'the check of origins',
    { sameOrigin: () => undefined },
    /^session: (?:no header|the origin null|a sister site)/,
  ],
  [
    'the signature of logout tokens',
    {
      logoutTokens: () => ({
        async accept(token, end) {
          const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString() || '{}';
          await end({ subject: String((JSON.parse(claims) as { sub?: string }).sub) });
        },
      }),
    },
    /^logout token: (?:a foreign one|one without a signature)/,
  ],
];

const attacks = (chosen: RegExp) =>
  attacksOn({ server: 'specimen', protocol: 'sign-in' }).filter(({ name }) => chosen.test(name));

async function on(
  changed: Partial<SignInControls>,
  tryAll: typeof namesThatHit,
  chosen: RegExp,
): Promise<string[]> {
  const specimen = await openSignInSpecimen({ ...signInControls, ...changed });
  try {
    return await tryAll(specimen.target, attacks(chosen));
  } finally {
    await specimen.close();
  }
}

describe('with every control of sign-in on', () => {
  it(
    'none of the attacks that the controls answer gets through',
    async () => {
      const any = new RegExp(mutations.map(([, , { source }]) => source).join('|'));
      expect(await on({}, namesThatGetThrough, any)).toEqual([]);
    },
    longestRunMs,
  );
});

describe('the suite fails on a sign-in without', () => {
  it.each(mutations)(
    '%s',
    async (_control, changed, answered) => {
      expect(await on(changed, namesThatHit, answered)).not.toEqual([]);
    },
    longestRunMs,
  );
});
