import { createHash, randomBytes } from 'node:crypto';
import type { Fetch } from '../fetch-jwks.ts';
import { createBrowser, type Landing } from './browser.ts';
import { describePage } from './form.ts';
import { postForm, type IssuerEndpoints } from './issuer-endpoints.ts';
import { SignInError } from './sign-in-error.ts';
import { submitForms, type Credentials } from './sign-in.ts';

export interface CodeFlow extends Credentials {
  clientId: string;
  /** Only confidential clients have one. */
  clientSecret?: string | undefined;
  redirectUri: string;
  audience: string;
  scope: string;
  fetch: Fetch;
}

/** Authorization code with PKCE (RFC 7636), answering the issuer's forms for the user. */
export async function runCodeFlow(
  endpoints: IssuerEndpoints,
  flow: CodeFlow,
): Promise<Record<string, unknown>> {
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const start = new URL(endpoints.authorization_endpoint);
  start.search = new URLSearchParams({
    response_type: 'code',
    client_id: flow.clientId,
    redirect_uri: flow.redirectUri,
    scope: flow.scope,
    resource: flow.audience,
    // Without it the issuer drops offline_access (OpenID Connect Core, 11).
    prompt: 'consent',
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();

  const browser = createBrowser({ fetch: flow.fetch, callback: flow.redirectUri });
  const code = readCode(
    await submitForms(browser, await browser.open(start.href), flow),
    state,
    endpoints.issuer,
  );
  return postForm(
    flow.fetch,
    endpoints.token_endpoint,
    {
      grant_type: 'authorization_code',
      code,
      redirect_uri: flow.redirectUri,
      code_verifier: verifier,
      resource: flow.audience,
      ...(flow.clientSecret === undefined && { client_id: flow.clientId }),
    },
    flow.clientSecret === undefined
      ? {}
      : { authorization: basicCredentials(flow.clientId, flow.clientSecret) },
  );
}

function readCode(landing: Landing, state: string, issuer: string): string {
  if (landing.at === 'page') throw new SignInError(`sign-in stopped at “${describePage(landing.page)}”`);
  const answer = landing.url.searchParams;
  const error = answer.get('error');
  if (error !== null)
    throw new SignInError(`the issuer refused: ${answer.get('error_description') ?? error}`);
  if (answer.get('state') !== state) throw new SignInError('the answer belongs to another sign-in (state)');
  const from = answer.get('iss');
  if (from !== null && from !== issuer) throw new SignInError('the answer comes from another issuer (iss)');
  const code = answer.get('code');
  if (code === null) throw new SignInError('the issuer gave no code');
  return code;
}

/** RFC 6749, 2.3.1: both parts form-encoded before they are joined. */
function basicCredentials(id: string, secret: string): string {
  const encode = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64')}`;
}
