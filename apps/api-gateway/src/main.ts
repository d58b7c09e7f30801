import { runProcess } from '@bff/server-kit';
import { startApiGateway } from './app.ts';
import { configuration } from './config.ts';

await runProcess({
  name: 'api-gateway',
  summary: 'The central gateway: one address for the order, payment and shipping services.',
  configuration,
  start: startApiGateway,
});
