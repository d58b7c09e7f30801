import { runProcess } from '@bff/server-kit';
import { startEdge } from './app.ts';
import { edgeConfiguration } from './config.ts';

await runProcess({
  name: 'edge',
  summary:
    'The edge of levels 3 and 4: balances the clients of all entries over the instances of their BFFs.',
  configuration: edgeConfiguration,
  start: startEdge,
});
