/** Tests against other people's servers, run by `npm run test:peers` alone. */
export default {
  preset: '../../tools/workspace/jest/preset.mjs',
  displayName: 'order-service peers',
  testMatch: ['<rootDir>/src/**/*.peer-spec.ts'],
};
