/** Needs kubectl and HAProxy: `npm test` needs nothing but the npm registry. */
export default {
  preset: '../../tools/workspace/jest/preset.mjs',
  displayName: 'deployment peers',
  testMatch: ['<rootDir>/src/**/*.peer-spec.ts'],
  passWithNoTests: false,
};
