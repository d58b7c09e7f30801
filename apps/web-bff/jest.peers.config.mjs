/** Tests against a real Redis, run by `npm run test:peers` alone: `npm test` needs nothing but the npm registry. */
export default {
  preset: '../../tools/workspace/jest/preset.mjs',
  displayName: 'web-bff peers',
  testMatch: ['<rootDir>/src/**/*.peer-spec.ts'],
  passWithNoTests: false,
};
