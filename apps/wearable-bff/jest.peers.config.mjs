/** Tests against foreign clients, which `npm test` does not need: they ask for packages outside the npm registry. */
export default {
  preset: '../../tools/workspace/jest/preset.mjs',
  displayName: 'wearable-bff peers',
  testMatch: ['<rootDir>/src/**/*.peer-spec.ts'],
  passWithNoTests: false,
};
