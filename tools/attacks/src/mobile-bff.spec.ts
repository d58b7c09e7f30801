import { describeAttacks } from './testing/describe-attacks.ts';

describeAttacks('mobile-bff');
