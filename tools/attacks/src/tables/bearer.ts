import type { Attack, Outcome } from '../attack.ts';
import { composeHttp, sendHttp } from '../wire/http-request.ts';
import { exchangeRaw, type RawAnswer } from '../wire/raw-http.ts';
import type { Target } from '../world/target.ts';
import { wrongTokens } from './wrong-tokens.ts';

const rounds = 5;
const connections = 20;
const perConnection = 10;

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
    name: `bearer: ${rounds * connections * perConnection} unknown kids`,
    status: 401,
    send: floodOfKids,
  },
];

/** Many at once, pipelined: each could make the server ask its issuer for keys. It asks once a second and no more. */
async function floodOfKids(target: Target): Promise<Outcome> {
  const fetchesBefore = target.keyFetches();
  const startedAt = performance.now();
  const answers: RawAnswer[] = [];
  for (let round = 0; round < rounds; round++) {
    const flood = Array.from({ length: connections }, (_, connection) =>
      sendUnknownKids(target, `${round}-${connection}`),
    );
    answers.push(...(await Promise.all(flood)));
  }
  const refused = answers.flatMap(({ text }) => text.match(/HTTP\/1\.1 401 /g) ?? []).length;
  const fetches = target.keyFetches() - fetchesBefore;
  const most = 2 + (performance.now() - startedAt) / 1_000;
  if (refused < rounds * connections * perConnection) throw new Error(`${refused} were refused`);
  if (fetches > most) throw new Error(`the issuer was asked ${fetches} times`);
  return answers[0] ?? { status: 0, headers: {}, body: '', text: '' };
}

async function sendUnknownKids(target: Target, name: string): Promise<RawAnswer> {
  const requests = Array.from({ length: perConnection }, async (_, index) => {
    const token = await target.token({ header: { kid: `evil-${name}-${index}` } });
    const lines = index === perConnection - 1 ? ['Connection: close'] : [];
    return composeHttp(target, { authorization: `Bearer ${token}`, lines });
  });
  return exchangeRaw(target.url, (await Promise.all(requests)).join(''), { untilClosed: true });
}
