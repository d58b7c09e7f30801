import { describeAttacks } from './testing/describe-attacks.ts';

describeAttacks('edge');
