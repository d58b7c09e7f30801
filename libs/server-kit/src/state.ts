import { openState as open, type KeyValueStore } from '@bff/state';
import { z } from 'zod';
import type { ProcessKit } from './process-kit.ts';
import { redisUrl } from './variables.ts';

/** Where an app keeps what its instances share. After `admissionVariables()`, whose `REDIS_URL` says less. */
export const stateVariables = (defaults: { file: string }) => ({
  STATE_FILE: z
    .string()
    .min(1, 'must be the path of a file')
    .default(defaults.file)
    .describe(
      'SQLite file that the instances on one machine share, without `REDIS_URL`; `:memory:` for a single instance.',
    ),
  REDIS_URL: redisUrl(
    'Redis in which instances on many machines share state and count rate limits together; without it state is in `STATE_FILE` and each counts in memory.',
  ),
});

type StateConfiguration = z.output<z.ZodObject<ReturnType<typeof stateVariables>>>;

/** Opens the state of the app; never fails a start: while the store is away its methods fail with `unavailable`. */
export function openState(configuration: StateConfiguration, kit: ProcessKit): Promise<KeyValueStore> {
  const { clock, randomHex, logger, name } = kit;
  return open({
    redisUrl: configuration.REDIS_URL,
    file: configuration.STATE_FILE,
    namespace: name,
    clock,
    randomHex,
    onChange: (state, err) => {
      logger.warn({ state, err }, 'the connection to the shared state changed');
    },
  });
}
