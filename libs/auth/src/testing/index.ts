export { createTestInternalKeys, type TestInternalKeys } from './test-internal-keys.ts';
export {
  createTestIssuer,
  createTestKeyPair,
  type TestIssuer,
  type TestIssuerOptions,
  type TestTokenOptions,
} from './test-issuer.ts';
