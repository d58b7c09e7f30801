import { runProcess } from '@bff/server-kit';
import { startService } from '@bff/service-kit';
import { configuration } from './config.ts';
import { orderService } from './order-service.ts';

await runProcess({
  name: orderService.name,
  summary: 'The order service: orders over HTTP/JSON and gRPC.',
  configuration,
  start: (values, kit) => startService(orderService, values, kit),
});
