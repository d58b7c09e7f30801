import type { Attack, Outcome } from '../attack.ts';
import { composeHttp, sendHttp } from '../wire/http-request.ts';
import { exchangeRaw } from '../wire/raw-http.ts';
import type { Target } from '../world/target.ts';
import { wrongTokens } from './wrong-tokens.ts';

const connections = 25;
const perConnection = 40;

export const bearer: readonly Attack[] = [
  ...wrongTokens.map(([name, make]): Attack => ({
    name: `bearer: ${name}`,
    status: 401,
    send: async (target) => sendHttp(target, { authorization: (await make(target)) ?? null }),
    check: ({ headers }) =>
      String(headers['www-authenticate']).startsWith('Bearer ') ? undefined : 'there is no challenge',
  })),
  {
    name: 'bearer: two credentials',
    status: 401,
    send: async (target) => sendHttp(target, { lines: [`Authorization: Bearer ${await target.token()}`] }),
  },
  {
    name: 'bearer: a token in the query',
    status: 401,
    send: async (target) =>
      sendHttp(target, {
        authorization: null,
        target: `${target.path}${target.path.includes('?') ? '&' : '?'}access_token=${await target.token()}`,
      }),
  },
  {
    name: 'bearer: a token in a cookie',
    status: 401,
    send: async (target) =>
      sendHttp(target, { authorization: null, lines: [`Cookie: access_token=${await target.token()}`] }),
  },
  {
    name: `bearer: ${connections * perConnection} unknown kids`,
    status: 401,
    send: floodOfKids,
  },
];

/** All at once, pipelined: each may make the server ask the issuer for its keys, once a second and no more. */
async function floodOfKids(target: Target): Promise<Outcome> {
  const fetchesBefore = target.keyFetches();
  const floods = await Promise.all(
    Array.from({ length: connections }, async (_, connection) => {
      const requests = Array.from({ length: perConnection }, async (_, index) => {
        const token = await target.token({ header: { kid: `evil-${connection}-${index}` } });
        const lines = index === perConnection - 1 ? ['Connection: close'] : [];
        return composeHttp(target, { authorization: `Bearer ${token}`, lines });
      });
      return exchangeRaw(target.url, (await Promise.all(requests)).join(''), { untilClosed: true });
    }),
  );
  const refused = floods.flatMap(({ text }) => text.match(/HTTP\/1\.1 401 /g) ?? []).length;
  const fetches = target.keyFetches() - fetchesBefore;
  const [first] = floods;
  if (!first || refused < connections * perConnection) throw new Error(`${refused} were refused`);
  if (fetches > 5) throw new Error(`the issuer was asked ${fetches} times`);
  return first;
}
