import { describeAttacks } from './testing/describe-attacks.ts';
import { serviceNames } from './world/open-service.ts';

for (const service of serviceNames) describeAttacks(service);
