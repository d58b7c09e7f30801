import type { Logger } from '@bff/observability';
import type { EventContext, Provider } from 'oidc-provider';

/** Writes what the provider decided to the log: who signed in through which client, and what was refused and why. */
export function logProviderEvents(provider: Provider, logger: Logger): void {
  provider.on('grant.success', (context: EventContext) => {
    logger.info(subjectOf(context), 'token granted');
  });
  for (const event of [
    'authorization.error',
    'device_authorization.error',
    'grant.error',
    'userinfo.error',
  ]) {
    provider.on(event, (context: EventContext, error: Error) => {
      logger.warn(
        { ...subjectOf(context), reason: error.message, detail: detailOf(error) },
        `${event} refused`,
      );
    });
  }
  // Whoever signed out here may still be signed in there.
  provider.on('backchannel.error', (_context: EventContext, error: Error, client: { clientId: string }) => {
    logger.warn({ client: client.clientId, reason: error.message, err: error }, 'sign-out not delivered');
  });
  const failed = (error: unknown) => logger.error({ err: error }, 'request failed');
  provider.on('server_error', (_context: EventContext, error: unknown) => failed(error));
  // Koa prints to stderr what nobody listens to.
  provider.on('error', failed);
}

function subjectOf({ oidc }: EventContext): Record<string, string | undefined> {
  return {
    client: oidc.entities.Client?.clientId,
    subject: oidc.entities.Account?.accountId,
    grantType: typeof oidc.params?.['grant_type'] === 'string' ? oidc.params['grant_type'] : undefined,
  };
}

/** What oidc-provider keeps from its clients, such as "authorization code is expired". */
function detailOf(error: Error): string | undefined {
  return 'error_detail' in error && typeof error.error_detail === 'string' ? error.error_detail : undefined;
}
