export { createTestKit } from './test-kit.ts';
