import { describeAttacks } from './testing/describe-attacks.ts';

for (const server of ['web-bff', 'mobile-bff', 'wearable-bff'] as const)
  describeAttacks(server, { isThroughEdge: true });
