import type { Fetch } from '../fetch-jwks.ts';
import { createBrowser } from './browser.ts';
import { describePage } from './form.ts';
import { postForm, type IssuerEndpoints } from './issuer-endpoints.ts';
import { SignInError } from './sign-in-error.ts';
import { submitForms, type Credentials } from './sign-in.ts';

export interface DeviceFlow extends Credentials {
  clientId: string;
  audience: string;
  scope: string;
  fetch: Fetch;
}

/** Device authorization grant (RFC 8628): plays the device, and the user who approves it in a browser. */
export async function runDeviceFlow(
  endpoints: IssuerEndpoints,
  flow: DeviceFlow,
): Promise<Record<string, unknown>> {
  const { fetch, clientId, audience, scope } = flow;
  const endpoint = endpoints.device_authorization_endpoint;
  if (endpoint === undefined) throw new SignInError('the issuer does not offer the device flow');
  const device = await postForm(fetch, endpoint, { client_id: clientId, scope, resource: audience });

  const browser = createBrowser({ fetch, callback: undefined });
  const page = await browser.open(String(device['verification_uri_complete']));
  const end = await submitForms(browser, page, flow);

  // Approved by now, so the first request for the token succeeds; a refusal surfaces here.
  const deviceCode = String(device['device_code']);
  const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
  return postForm(fetch, endpoints.token_endpoint, {
    grant_type: grantType,
    device_code: deviceCode,
    client_id: clientId,
    resource: audience,
  }).catch((cause: unknown) => {
    const stopped = end.at === 'page' ? describePage(end.page) : end.url.href;
    throw new SignInError(`the device was not approved; the last page was “${stopped}”`, { cause });
  });
}
