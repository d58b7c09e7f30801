import { runProcess } from '@bff/server-kit';
import { startService } from '@bff/service-kit';
import { configuration } from './config.ts';
import { paymentService } from './payment-service.ts';

await runProcess({
  name: paymentService.name,
  summary: 'The payment service: payments over HTTP/JSON and gRPC.',
  configuration,
  start: (values, kit) => startService(paymentService, values, kit),
});
