import { describe, expect, it } from '@jest/globals';
import { catalogue } from './catalogue.ts';
import { runAttacks } from './run-attacks.ts';
import { openWorld, type ServerName } from './world/open-world.ts';

const longestRunMs = 30_000;

describe('the suite fails on a server that is configured without', () => {
  it.each<[string, ServerName, Record<string, string>, RegExp]>([
    ['production mode', 'mobile-bff', { NODE_ENV: 'development' }, /^graphql: introspection/],
    ['a limit of aliases', 'mobile-bff', { QUERY_MAX_ALIASES: '100000' }, /^graphql: 16 aliases/],
    ['a limit of bodies', 'mobile-bff', { MAX_BODY_BYTES: '10000000' }, /^limit: a body of 200 KB/],
    ['production mode', 'wearable-bff', { NODE_ENV: 'development' }, /^grpc: reflection/],
    ['its own audience', 'web-bff', { TOKEN_AUDIENCE: 'urn:bff:evil' }, /another audience/],
  ])(
    '%s: %s',
    async (_control, server, environment, chosen) => {
      const world = await openWorld(server, environment);
      try {
        const tried = catalogue.filter(({ name }) => chosen.test(name));
        const results = await Promise.all(world.targets.map((target) => runAttacks(target, tried)));
        const faults = results.flat().flatMap((result) => result.faults);
        expect(faults).not.toEqual([]);
      } finally {
        await world.close();
      }
    },
    longestRunMs,
  );
});
