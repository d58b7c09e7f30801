import type { RequestListener, ServerResponse } from 'node:http';
import { AppError } from '@bff/core';
import type { Logger } from '@bff/observability';
import { problemOf } from '@bff/server-kit';
import { Provider, type KoaContext } from 'oidc-provider';
import { logProviderEvents } from './event-log.ts';
import { StoreAway } from './guard-store.ts';
import { createInteractionHandler, isInteraction } from './interaction/interaction-handler.ts';
import { contentSecurityPolicy } from './interaction/page.ts';
import { providerConfiguration, type ProviderOptions } from './provider-configuration.ts';

export interface IdentityProviderOptions extends ProviderOptions {
  /** The issuer's URL, as its clients write it. */
  issuer: string;
  logger: Logger;
}

export interface IdentityProvider {
  handler: RequestListener;
}

/** An OpenID Connect provider with seeded users, for development and tests. */
export function createIdentityProvider(options: IdentityProviderOptions): IdentityProvider {
  const { issuer, logger } = options;
  const provider = new Provider(issuer, providerConfiguration(options));
  logProviderEvents(provider, logger);
  provider.use(answerNotFound);
  provider.use(sayWhenToRetry);
  const interact = createInteractionHandler(provider);
  const serve = provider.callback();
  return {
    handler: (request, response) => {
      setSecurityHeaders(response);
      if (!isInteraction(request.url ?? '')) {
        serve(request, response);
        return;
      }
      interact(request, response).catch((error: unknown) => {
        const status = statusOf(error);
        if (status === 500) logger.error({ err: error }, 'request failed');
        answerFailure(response, status);
      });
    },
  };
}

/** What a form of the sign-in pages gets instead of a page. */
const failures = {
  413: 'The form is too large.\n',
  500: 'Sign-in failed. Try again.\n',
  503: 'Signing in is not possible for the moment. Try again shortly.\n',
};
const retryAfterSeconds = '1';

/** Where there is nothing, the answer is a problem, as at every server here. */
async function answerNotFound(context: KoaContext, next: () => Promise<void>): Promise<void> {
  await next();
  if (context.status !== 404 || (context.body !== undefined && context.body !== null)) return;
  const problem = problemOf(new AppError('not_found', 'There is nothing at this address.'));
  // A body alone would mean 200.
  context.status = problem.status;
  context.body = JSON.stringify(problem);
  context.type = 'application/problem+json';
}

async function sayWhenToRetry(context: KoaContext, next: () => Promise<void>): Promise<void> {
  await next();
  if (context.status === 503) context.set('retry-after', retryAfterSeconds);
}

function setSecurityHeaders(response: ServerResponse): void {
  response.setHeader('cache-control', 'no-store');
  response.setHeader('content-security-policy', contentSecurityPolicy);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'same-origin');
}

type FailureStatus = keyof typeof failures;

function statusOf(error: unknown): FailureStatus {
  if (error instanceof StoreAway) return 503;
  return error instanceof AppError && error.code === 'invalid_argument' ? 413 : 500;
}

function answerFailure(response: ServerResponse, status: FailureStatus): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // What is left of the request's body is not read, so the connection cannot be used again.
  const retry = status === 503 && { 'retry-after': retryAfterSeconds };
  response.writeHead(status, { connection: 'close', 'content-type': 'text/plain', ...retry });
  response.end(failures[status]);
}
