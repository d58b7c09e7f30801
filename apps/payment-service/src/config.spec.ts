import { describe } from '@jest/globals';
import { describeReadme } from '@bff/service-kit/testing';
import { configuration } from './config.ts';

describe('configuration of payment-service', () => {
  describeReadme(new URL('../README.md', import.meta.url), configuration);
});
