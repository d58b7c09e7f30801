import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors, type InteractionDetails, type Provider } from 'oidc-provider';
import { checkPassword } from '../accounts.ts';
import { clientName } from '../clients.ts';
import { readForm } from './read-form.ts';
import { renderPage } from './page.ts';
import { renderConsent, renderSignIn } from './sign-in-pages.ts';

const path = /^\/interaction\/[\w-]+$/;

export type InteractionHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function isInteraction(url: string): boolean {
  return path.test(url);
}

/** Signs users in and asks for their consent when the provider sends a browser here. */
export function createInteractionHandler(provider: Provider): InteractionHandler {
  return async (request, response) => {
    let details: InteractionDetails;
    try {
      details = await provider.interactionDetails(request, response);
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error;
      sendPage(
        response,
        400,
        renderPage('Sign-in has expired', '<p>Go back to the application and start again.</p>'),
      );
      return;
    }
    const action = request.url ?? '';
    if (request.method === 'POST') {
      const form = await readForm(request);
      const fault = await submit(provider, request, response, details, form);
      if (fault !== undefined) sendPage(response, 401, renderSignIn({ action, fault }));
    } else if (details.prompt.name === 'login') {
      sendPage(response, 200, renderSignIn({ action }));
    } else {
      const clientId = details.params.client_id;
      const client = clientName(clientId);
      sendPage(response, 200, renderConsent({ action, client, scopes: missingScopes(details) }));
    }
  };
}

/** Finishes the step, or says what the user did wrong. */
async function submit(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  details: InteractionDetails,
  form: URLSearchParams,
): Promise<string | undefined> {
  if (details.prompt.name === 'login') {
    const account = checkPassword(form.get('login') ?? '', form.get('password') ?? '');
    if (!account) return 'The user name or the password is wrong.';
    const login = { accountId: account.userName };
    await provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
  } else if (form.get('decision') === 'deny') {
    const denied = { error: 'access_denied', error_description: 'the user denied access' };
    await provider.interactionFinished(request, response, denied, { mergeWithLastSubmission: false });
  } else {
    const consent = { grantId: await grantEverythingAsked(provider, details) };
    await provider.interactionFinished(request, response, { consent });
  }
  return undefined;
}

async function grantEverythingAsked(provider: Provider, details: InteractionDetails): Promise<string> {
  const { grantId, params, session, prompt } = details;
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant =
    existing ?? new provider.Grant({ accountId: session?.accountId ?? '', clientId: params.client_id });
  const { missingOIDCScope, missingOIDCClaims, missingResourceScopes = {} } = prompt.details;
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '));
  if (missingOIDCClaims) grant.addOIDCClaims(missingOIDCClaims);
  for (const [resource, scopes] of Object.entries(missingResourceScopes)) {
    grant.addResourceScope(resource, scopes.join(' '));
  }
  return grant.save();
}

function missingScopes({ prompt: { details } }: InteractionDetails): string[] {
  return [...(details.missingOIDCScope ?? []), ...Object.values(details.missingResourceScopes ?? {}).flat()];
}

function sendPage(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'cache-control': 'no-store',
  });
  response.end(html);
}
