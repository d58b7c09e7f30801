import { describeAttacks } from './testing/describe-attacks.ts';
import { serverNames } from './world/open-world.ts';

// One file for all: to load them takes longer than to attack them.
for (const server of serverNames) describeAttacks(server);
