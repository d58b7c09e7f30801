/** Through a real browser (Debian: apt-get install chromium), run by `npm run test:peers` alone. */
export default {
  preset: '../../tools/workspace/jest/preset.mjs',
  displayName: 'acceptance peers',
  testMatch: ['<rootDir>/src/**/*.peer-spec.ts'],
  passWithNoTests: false,
};
