/** Faults of real processes under a constant rate of calls, run by `npm run test:faults` alone, with nothing beside them. */
export default {
  preset: '../../tools/workspace/jest/preset.mjs',
  displayName: 'web-bff faults',
  testMatch: ['<rootDir>/src/**/*.fault-spec.ts'],
};
