import { milliseconds } from '@bff/server-kit';
import { serviceConfiguration } from '@bff/service-kit';

export const configuration = serviceConfiguration({
  name: 'shipping-service',
  port: 9103,
  grpcPort: 9203,
}).extend({
  COURIER_INTERVAL_MS: milliseconds(
    5_000,
    'Time between two steps of a shipment by the simulated courier; 0 for no courier.',
  ),
});
