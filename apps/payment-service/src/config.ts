import { serviceConfiguration } from '@bff/service-kit';

export const configuration = serviceConfiguration({ name: 'payment-service', port: 9102, grpcPort: 9202 });
