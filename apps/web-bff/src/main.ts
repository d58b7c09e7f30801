import { runProcess } from '@bff/server-kit';
import { startWebBff } from './app.ts';
import { configuration } from './config.ts';

await runProcess({
  name: 'web-bff',
  summary: 'The REST backend of the web client.',
  configuration,
  start: startWebBff,
});
