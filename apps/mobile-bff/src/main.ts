import { runProcess } from '@bff/server-kit';
import { startMobileBff } from './app.ts';
import { configuration } from './config.ts';

await runProcess({
  name: 'mobile-bff',
  summary: 'The GraphQL backend of the phone app.',
  configuration,
  start: startMobileBff,
});
