import type { Attack, Outcome } from '../attack.ts';
import { begun, faultOfRefusal, finish, site, siteOf } from '../wire/sign-in-requests.ts';
import type { Target } from '../world/target.ts';
import { rightIdToken, wrongIdTokens, type MakeIdToken } from './wrong-id-tokens.ts';

type Change = (query: URLSearchParams, target: Target) => void;

/** What the browser brings back from the issuer, changed. */
const answers: readonly [name: string, change: Change][] = [
  ['no state', (query) => query.delete('state')],
  ['another state', (query) => query.set('state', 'f'.repeat(32))],
  ['two states', (query) => query.append('state', query.get('state') ?? '')],
  ['an empty state', (query) => query.set('state', '')],
  ['no code', (query) => query.delete('code')],
  ['an empty code', (query) => query.set('code', '')],
  ['two codes', (query) => query.append('code', 'x')],
  ['a code of nobody', (query) => query.set('code', 'x')],
  ['no issuer', (query) => query.delete('iss')],
  ['a foreign issuer', (query) => query.set('iss', 'https://evil.example')],
  ['two issuers', (query) => query.append('iss', 'https://evil.example')],
  ['an issuer with a slash more', (query, target) => query.set('iss', `${siteOf(target).provider.issuer}/`)],
  ['a code and an error', (query) => query.set('error', 'server_error')],
  ['an error with a script', (query) => query.set('error', '<script>evil</script>')],
  ['a token beside the code', (query) => query.set('response', 'eyJhbGciOiJub25lIn0.e30.')],
  ['a code of 4 KB', (query) => query.set('code', 'x'.repeat(4_000))],
];

/** What a browser may be sent to after sign-in is this site and nothing else. */
const redirects = [
  'https://evil.example/',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/%2fevil.example',
  '/%5cevil.example',
  '/\t/evil.example',
  ' https://evil.example',
  'javascript:alert(1)',
  'data:text/html,evil',
  'https:evil.example',
  `${site}@evil.example/`,
  '/auth/login',
  '/a/..//evil.example',
];

/** What an issuer, or who takes its place, answers to a sign-in. */
export const callbacks: readonly Attack[] = [
  ...answers.map(([name, change]): Attack => ({
    name: `sign-in: ${name}`,
    status: 400,
    async send(target) {
      const attempt = await begun(target);
      change(attempt.query, target);
      return finish(target, attempt);
    },
    check: faultOfRefusal,
  })),
  ...wrongIdTokens.map(([name, make]): Attack => ({
    name: `sign-in: an ID token with ${name}`,
    status: 400,
    send: (target) => finishWith(target, make),
    check: faultOfRefusal,
  })),
  {
    // Otherwise nobody knew what the others are refused for.
    name: 'sign-in: an ID token with nothing wrong, by the same tools',
    status: 303,
    send: (target) => finishWith(target, (claims, provider) => rightIdToken(claims, provider)),
  },
  ...redirects.map((returnTo): Attack => ({
    name: `sign-in: on to ${JSON.stringify(returnTo)}`,
    status: 303,
    send: async (target) => finish(target, await begun(target, 'alice', returnTo)),
    check: ({ headers }) =>
      headers['location'] === '/' ? undefined : `the browser is sent to ${String(headers['location'])}`,
  })),
];

async function finishWith(target: Target, make: MakeIdToken): Promise<Outcome> {
  const { provider, clientSecret } = siteOf(target);
  provider.behaviour.idToken = (claims) => make(claims, provider, clientSecret);
  try {
    return await finish(target, await begun(target));
  } finally {
    provider.behaviour.idToken = undefined;
  }
}
