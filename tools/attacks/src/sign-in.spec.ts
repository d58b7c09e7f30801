import { describeAttacks } from './testing/describe-attacks.ts';

describeAttacks('sign-in');
