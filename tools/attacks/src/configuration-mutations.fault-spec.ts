import { describe, expect, it } from '@jest/globals';
import { attacksOn } from './catalogue.ts';
import { namesThatHit } from './testing/names-that-get-through.ts';
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
        // Of its own protocols: an attack that makes no sense on a server fails on it in any case.
        // Of its own protocols: an attack that makes no sense on a server fails on it in any case.
        const tried = world.targets.map(async (target) => {
          const attacks = attacksOn(target).filter(({ name }) => chosen.test(name));
          return attacks.length > 0 ? namesThatHit(target, attacks) : [];
        });
        expect((await Promise.all(tried)).flat()).not.toEqual([]);
      } finally {
        await world.close();
      }
    },
    longestRunMs,
  );
});
