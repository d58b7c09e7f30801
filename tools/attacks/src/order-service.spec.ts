import { describeAttacks } from './testing/describe-attacks.ts';

describeAttacks('order-service');
