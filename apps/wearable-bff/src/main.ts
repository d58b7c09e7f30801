import { runProcess } from '@bff/server-kit';
import { startWearableBff } from './app.ts';
import { configuration } from './config.ts';

await runProcess({
  name: 'wearable-bff',
  summary: 'The gRPC backend of the watch: orders at a glance.',
  configuration,
  start: startWearableBff,
});
