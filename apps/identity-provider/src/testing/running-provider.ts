import { createRemoteKeys, createTokenVerifier, type TokenVerifier } from '@bff/auth';
import { obtainToken, type ObtainedToken, type ObtainTokenOptions } from '@bff/auth/headless';
import { systemClock } from '@bff/core';
import { readConfiguration, type Environment } from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';
import { startIdentityProvider } from '../app.ts';
import { configuration } from '../config.ts';

export interface RunningProvider {
  /** Where it listens; also its issuer, unless `ISSUER_URL` says otherwise. */
  readonly url: string;
  /** Signs in as alice on the phone unless told otherwise. */
  obtain(overrides?: Partial<ObtainTokenOptions>): Promise<ObtainedToken>;
  verifierFor(audience: string): TokenVerifier;
  close(): Promise<void>;
}

/** The whole app on a free port, configured as by its environment. */
export async function runProvider(environment: Environment = {}): Promise<RunningProvider> {
  const values = readConfiguration(configuration, { PORT: '0', ...environment });
  const app = await startIdentityProvider(values, createTestKit());
  const url = app.listeners[0]?.url ?? '';
  const keys = createRemoteKeys({ url: `${url}/jwks`, clock: systemClock });
  return {
    url,
    obtain: (overrides) =>
      obtainToken({
        issuer: url,
        client: 'mobile',
        user: 'alice',
        password: 'password',
        audience: 'urn:bff:mobile-bff',
        ...overrides,
      }),
    verifierFor: (audience) => createTokenVerifier({ issuer: url, audience, keys, clock: systemClock }),
    close: async () => {
      await Promise.all(app.listeners.map((listener) => listener.close(0)));
      await app.close?.();
    },
  };
}
