/** What takes a minute of a machine's whole attention; run by `npm run test:faults` alone. */
export default {
  preset: '../../tools/workspace/jest/preset.mjs',
  displayName: 'wearable-bff faults',
  testMatch: ['<rootDir>/src/**/*.fault-spec.ts'],
};
