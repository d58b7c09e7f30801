/** A whole stack, run by `npm run test:faults` alone, with nothing beside it. */
export default {
  preset: '../../tools/workspace/jest/preset.mjs',
  displayName: 'chaos faults',
  testMatch: ['<rootDir>/src/**/*.fault-spec.ts'],
};
