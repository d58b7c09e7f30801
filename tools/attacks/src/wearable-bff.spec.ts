import { describeAttacks } from './testing/describe-attacks.ts';

describeAttacks('wearable-bff');
