/** Deadlines, overload and faults through real processes, run by `npm run test:faults` alone, with nothing beside them. */
export default {
  preset: '../../tools/workspace/jest/preset.mjs',
  displayName: 'acceptance faults',
  testMatch: ['<rootDir>/src/**/*.fault-spec.ts'],
};
