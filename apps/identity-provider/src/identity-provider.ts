import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { AppError } from '@bff/core';
import { Provider } from 'oidc-provider';
import { clientMetadata } from './clients.ts';
import { createInteractionHandler, isInteraction } from './interaction/interaction-handler.ts';
import { contentSecurityPolicy } from './interaction/page.ts';
import { providerConfiguration, type ProviderOptions } from './provider-configuration.ts';

export interface IdentityProviderOptions extends ProviderOptions {
  /** The issuer's URL, as its clients write it. */
  issuer: string;
  /** The value of `NODE_ENV`. */
  environment: string | undefined;
  /** Told of requests that failed through a fault of this process. */
  onServerError: (error: unknown) => void;
}

export interface IdentityProvider {
  handler: RequestListener;
}

/** An OpenID Connect provider with seeded users, for development and tests. Throws in production. */
export function createIdentityProvider(options: IdentityProviderOptions): IdentityProvider {
  if (options.environment === 'production') {
    throw new Error(
      'This identity provider is for development: its users share a known password. ' +
        'In production set the ISSUER_URL of each app to your own OpenID Connect issuer.',
    );
  }
  const provider = new Provider(options.issuer, providerConfiguration(options));
  provider.on('server_error', (_ctx: unknown, error: unknown) => options.onServerError(error));
  // Koa prints to stderr what nobody listens to.
  provider.on('error', options.onServerError);

  const names = clientMetadata(options).map((client) => [
    String(client['client_id']),
    String(client['client_name']),
  ]);
  const interact = createInteractionHandler(provider, new Map(names as [string, string][]));
  const serve = provider.callback();
  return {
    handler: (request, response) => {
      setSecurityHeaders(response);
      if (!isInteraction(request.url ?? '')) {
        serve(request, response);
        return;
      }
      interact(request, response).catch((error: unknown) =>
        fail(error, request, response, options.onServerError),
      );
    },
  };
}

function setSecurityHeaders(response: ServerResponse): void {
  response.setHeader('content-security-policy', contentSecurityPolicy);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'same-origin');
}

function fail(
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  onServerError: (error: unknown) => void,
): void {
  const clientFault = error instanceof AppError && error.code === 'invalid_argument';
  if (!clientFault) onServerError(error);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(clientFault ? 413 : 500, { connection: 'close', 'content-type': 'text/plain' });
  response.end(clientFault ? 'The form is too large.\n' : 'Sign-in failed. Try again.\n');
  request.resume();
}
