import { runProcess } from '@bff/server-kit';
import { startService } from '@bff/service-kit';
import { configuration } from './config.ts';
import { createShippingService } from './shipping-service.ts';

await runProcess({
  name: 'shipping-service',
  summary: 'The shipping service: shipments over HTTP/JSON and gRPC, and a simulated courier.',
  configuration,
  start: (values, kit) =>
    startService(createShippingService({ courierIntervalMs: values.COURIER_INTERVAL_MS }), values, kit),
});
