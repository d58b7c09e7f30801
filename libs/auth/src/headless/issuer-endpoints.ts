import type { Fetch } from '../fetch-jwks.ts';
import { SignInError } from './sign-in-error.ts';

export interface IssuerEndpoints {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  device_authorization_endpoint?: string;
}

/** The issuer's endpoints, from its discovery document. */
export async function discover(issuer: string, fetch: Fetch): Promise<IssuerEndpoints> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const document = await readJson(url, () => fetch(url, { headers: { accept: 'application/json' } }));
  return document as unknown as IssuerEndpoints;
}

/** Posts a form and gives back the JSON object that answers it. */
export async function postForm(
  fetch: Fetch,
  url: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  return readJson(url, () => fetch(url, { method: 'POST', body: new URLSearchParams(form), headers }));
}

async function readJson(url: string, request: () => Promise<Response>): Promise<Record<string, unknown>> {
  const response = await request().catch((cause: unknown) => {
    throw new SignInError(`no answer from ${url}: is the identity provider running?`, { cause });
  });
  const text = await response.text();
  const body = parseObject(text);
  if (!response.ok || !body) {
    const reasons = [body?.['error_description'], body?.['error'], `status ${response.status}`];
    const reason = reasons.find((text) => typeof text === 'string') ?? '';
    throw new SignInError(`${url} refused: ${reason}`);
  }
  return body;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
