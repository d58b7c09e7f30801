import { parseJwks } from '@bff/auth';
import { baseVariables, grpcVariables, httpVariables, port } from '@bff/server-kit';
import { z } from 'zod';

export interface ServiceDefaults {
  /** `order-service`; names the database file, too. */
  name: string;
  port: number;
  grpcPort: number;
}

const jwks = z.string().transform((value, context) => {
  try {
    return parseJwks(value);
  } catch (thrown) {
    context.addIssue({
      code: 'custom',
      message: thrown instanceof Error ? thrown.message : 'is not a key set',
    });
    return z.NEVER;
  }
});

/** The variables that all three services understand. */
export function serviceConfiguration(defaults: ServiceDefaults) {
  return z.object({
    ...baseVariables({ port: defaults.port }),
    ...httpVariables(),
    ...grpcVariables(),
    GRPC_PORT: port(defaults.grpcPort, 'Port of the gRPC listener; 0 for any free one.'),
    DATABASE_URL: z
      .string()
      .regex(
        /^(sqlite:.+|postgres(ql)?:\/\/.+)/,
        'must be sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE',
      )
      .default(`sqlite:.data/${defaults.name}.db`)
      .describe('`sqlite:PATH`, a file that replicas on one machine share, or `postgres://…`.'),
    SEED_DATA: z
      .enum(['true', 'false'], { error: 'must be true or false' })
      .transform((value) => value === 'true')
      .optional()
      .describe('Fill an empty database with the sample data; `true` outside production unless set.'),
    INTERNAL_JWKS: jwks.describe('Public key set (JSON) of the internal tokens that this service trusts.'),
  });
}

export type ServiceConfiguration = z.output<ReturnType<typeof serviceConfiguration>>;
