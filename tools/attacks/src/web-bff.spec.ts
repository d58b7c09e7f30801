import { describeAttacks } from './testing/describe-attacks.ts';

describeAttacks('web-bff');
