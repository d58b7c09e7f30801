import { serviceConfiguration } from '@bff/service-kit';

export const configuration = serviceConfiguration({ name: 'order-service', port: 9101, grpcPort: 9201 });
