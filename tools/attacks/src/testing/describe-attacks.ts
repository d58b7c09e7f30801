import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runAttacks } from '../run-attacks.ts';
import { openWorld, type ServerName, type World, type WorldOptions } from '../world/open-world.ts';

const longestRunMs = 60_000;

/** Every attack on a server in production mode, in a process of its own. */
export function describeAttacks(server: ServerName, options: WorldOptions = {}): void {
  describe(`${server} in production mode${options.isThroughEdge ? ', through the edge' : ''}`, () => {
    let world: World;
    beforeAll(async () => {
      world = await openWorld(server, {}, options);
    }, longestRunMs);
    afterAll(() => world.close());

    it(
      'lets no attack through, and serves the next honest request after each',
      async () => {
        for (const target of world.targets) {
          const results = await runAttacks(target);
          expect(results.filter(({ faults }) => faults.length > 0)).toEqual([]);
          expect(results.length).toBeGreaterThan(15);
        }
      },
      longestRunMs,
    );
  });
}
