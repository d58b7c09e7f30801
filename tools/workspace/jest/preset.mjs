/** Jest runs the TypeScript source as native ES modules; Node itself strips the types. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  // Declarations, bundles and coverage are output; Jest neither crawls nor watches them.
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/coverage/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': new URL('./strip-types.mjs', import.meta.url).pathname },
  passWithNoTests: true,
  testTimeout: 15_000,
};
