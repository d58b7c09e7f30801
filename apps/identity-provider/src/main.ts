import { runProcess } from '@bff/server-kit';
import { startIdentityProvider } from './app.ts';
import { configuration } from './config.ts';

await runProcess({
  name: 'identity-provider',
  summary: 'An OpenID Connect provider with seeded users, for development and tests.',
  configuration,
  start: startIdentityProvider,
});
