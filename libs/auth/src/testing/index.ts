export {
  createTestBrowser,
  signInAt,
  type SignInOptions,
  type SignInSite,
  type TestBrowser,
} from './test-browser.ts';
export { testCallers, type TestCaller } from './test-callers.ts';
export { createTestInternalKeys, type TestInternalKeys } from './test-internal-keys.ts';
export {
  createTestIssuer,
  createTestKeyPair,
  type TestIssuer,
  type TestIssuerOptions,
  type TestTokenOptions,
} from './test-issuer.ts';
export { startTestProvider, type ProviderBehaviour, type TestProvider } from './test-provider.ts';
