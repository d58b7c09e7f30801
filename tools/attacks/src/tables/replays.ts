import type { Attack, Outcome } from '../attack.ts';
import { sendHttp } from '../wire/http-request.ts';
import { asForm, obtain, postForm, rightTokenForm } from '../wire/oidc-requests.ts';
import type { Target } from '../world/target.ts';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const userCodes = 30;

/** Attacks on what the identity provider has given out already: used twice, guessed, given to others. */
export const replays: readonly Attack[] = [
  {
    name: 'token: a code used twice takes back what it gave',
    status: 400,
    async send(target) {
      const form = await rightTokenForm(target, 'mobile');
      const first = await postForm(target, '/token', form);
      const again = await postForm(target, '/token', form);
      if (first.status !== 200 || again.status !== 400)
        throw new Error(`${first.status}, then ${again.status}`);
      return refresh(target, read(first, 'refresh_token'));
    },
  },
  {
    name: 'token: a refresh token used twice takes back its successor',
    status: 400,
    async send(target) {
      const { refreshToken = '' } = await obtain(target, 'mobile');
      const first = await refresh(target, refreshToken);
      const again = await refresh(target, refreshToken);
      if (first.status !== 200 || again.status !== 400)
        throw new Error(`${first.status}, then ${again.status}`);
      return refresh(target, read(first, 'refresh_token'));
    },
  },
  {
    name: 'token: a device code used twice',
    status: 400,
    async send(target) {
      const form = await rightTokenForm(target, 'wearable');
      const first = await postForm(target, '/token', form);
      if (first.status !== 200) throw new Error(`the first got ${first.status}`);
      return postForm(target, '/token', form);
    },
  },
  {
    name: 'token: a device that nobody has let in',
    status: 400,
    async send(target) {
      const device = await postForm(target, '/device/auth', { client_id: 'wearable', scope: 'openid' });
      const device_code = read(device, 'device_code');
      return postForm(target, '/token', { grant_type: deviceGrant, client_id: 'wearable', device_code });
    },
    check: ({ body }) => (body.includes('authorization_pending') ? undefined : 'it is not pending'),
  },
  {
    name: 'token: a device flow of a client that has none',
    status: 400,
    send: (target) => postForm(target, '/device/auth', { client_id: 'mobile', scope: 'openid' }),
  },
  { name: `token: ${userCodes} guesses of a device’s code`, status: 400, send: guessUserCodes },
  {
    name: 'token: another client takes back a token',
    status: 200,
    async send(target) {
      const { refreshToken = '' } = await obtain(target, 'mobile');
      const taken = await postForm(target, '/token/revocation', {
        client_id: 'wearable',
        token: refreshToken,
      });
      if ((await refresh(target, refreshToken)).status !== 200) throw new Error('it has taken it back');
      return taken;
    },
  },
  {
    name: 'token: an access token for a BFF as one for the issuer',
    status: 401,
    async send(target) {
      const { accessToken } = await obtain(target, 'mobile');
      return sendHttp(target, { target: '/me', authorization: `Bearer ${accessToken}` });
    },
  },
  {
    name: 'token: who it is, without a token',
    status: 401,
    send: (target) => sendHttp(target, { target: '/me', authorization: null }),
  },
  {
    name: 'token: a page of another origin',
    status: 400,
    async send(target) {
      const { refreshToken = '' } = await obtain(target, 'mobile');
      return refresh(target, refreshToken, ['Origin: https://evil.example']);
    },
    check: ({ headers }) =>
      headers['access-control-allow-origin'] === undefined ? undefined : 'the page may read the answer',
  },
  {
    name: 'token: private parts of keys',
    status: 200,
    send: (target) => sendHttp(target, { target: '/jwks', authorization: null }),
    check: ({ body }) => (/"(?:d|p|q|dp|dq|qi|k)":/.test(body) ? 'a private key is published' : undefined),
  },
];

function refresh(target: Target, refreshToken: string, lines: readonly string[] = []): Promise<Outcome> {
  const form = { grant_type: 'refresh_token', client_id: 'mobile', refresh_token: refreshToken };
  return postForm(target, '/token', form, [asForm, ...lines]);
}

function read({ body }: Outcome, member: string): string {
  return String((JSON.parse(body) as Record<string, unknown>)[member]);
}

/** Codes that a user could have typed; none of them may lead to the page that lets a device in. */
async function guessUserCodes(target: Target): Promise<Outcome> {
  const page = await fetch(new URL('/device', target.url));
  const [cookies, html] = [page.headers.getSetCookie().map((line) => line.split(';')[0]), await page.text()];
  const xsrf = /name="xsrf" value="([^"]*)"/.exec(html)?.[1] ?? '';
  let last: Outcome | undefined;
  for (let guess = 0; guess < userCodes; guess++) {
    const user_code = `BCDF-GHJ${'KLMNPQRSTVWXZ'[guess % 13] ?? ''}`;
    last = await postForm(target, '/device', { xsrf, user_code }, [asForm, `Cookie: ${cookies.join('; ')}`]);
    if (!last.body.includes('That code is wrong')) throw new Error(`${user_code} was taken`);
  }
  if (!last) throw new Error('nothing was guessed');
  return last;
}
