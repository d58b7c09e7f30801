import { developmentClients, obtainToken, type ObtainedToken } from '@bff/auth/headless';
import type { Outcome } from '../attack.ts';
import type { Target } from '../world/target.ts';
import { sendHttp } from './http-request.ts';

export type OidcClient = 'web' | 'mobile' | 'wearable';

/** Posts a form without a credential in the head, unless `lines` has one. */
export function postForm(
  target: Target,
  path: string,
  form: Readonly<Record<string, string>> | URLSearchParams | string,
  lines: readonly string[] = ['Content-Type: application/x-www-form-urlencoded'],
): Promise<Outcome> {
  const body = typeof form === 'string' ? form : String(new URLSearchParams(form));
  const length = `Content-Length: ${Buffer.byteLength(body, 'latin1')}`;
  return sendHttp(target, {
    method: 'POST',
    target: path,
    authorization: null,
    lines: [...lines, length],
    body,
  });
}

const options = (target: Target, client: OidcClient) => ({
  issuer: target.url,
  client,
  user: 'alice',
  password: 'password',
  audience: `urn:bff:${client}-bff`,
});

export function obtain(target: Target, client: OidcClient): Promise<ObtainedToken> {
  return obtainToken(options(target, client));
}

/** The form by which `client` would get its token, alice having agreed to it; it has not been sent. */
export async function rightTokenForm(target: Target, client: OidcClient): Promise<Record<string, string>> {
  let form: Record<string, string> | undefined;
  const flow = obtainToken({
    ...options(target, client),
    fetch: async (url, init) => {
      if (!new URL(url).pathname.endsWith('/token')) return fetch(url, init);
      form = Object.fromEntries(init.body as unknown as URLSearchParams);
      throw new Error('kept back');
    },
  });
  await flow.catch(() => undefined);
  if (!form) throw new Error('The flow did not come to its token request.');
  return form;
}

/** HTTP Basic of client `web`. */
export function basic(secret: string = developmentClients.web.clientSecret): string {
  return `Authorization: Basic ${Buffer.from(`web:${secret}`).toString('base64')}`;
}

export const asForm = 'Content-Type: application/x-www-form-urlencoded';
