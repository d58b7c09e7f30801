import { describeAttacks } from './testing/describe-attacks.ts';

describeAttacks('identity-provider');
