import { createOpenapiDocument } from './openapi-document.ts';
import { namedSchemas, operations } from './operations.ts';

/** The OpenAPI document of web-bff. */
export function createWebBffDocument(): Record<string, unknown> {
  return createOpenapiDocument({
    title: 'web-bff',
    version: '1.0.0',
    description:
      'The backend of the browser client: one answer per screen, put together from the order, payment and shipping services. ' +
      'Every error is a problem (RFC 9457) with a stable `code`. Fields may be added to answers; clients ignore those they do not know.',
    operations,
    schemas: namedSchemas,
    securitySchemes: {
      session: {
        type: 'apiKey',
        in: 'cookie',
        name: '__Host-session',
        description: 'What a browser has after it has signed in at `/auth/login`.',
      },
      bearer: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'An access token for this API.',
      },
    },
  });
}
