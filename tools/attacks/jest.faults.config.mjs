/** Figures of time, which want the machine for themselves; run by `npm run test:faults`. */
export default {
  preset: '../../tools/workspace/jest/preset.mjs',
  displayName: 'attacks, timed',
  testMatch: ['<rootDir>/src/**/*.fault-spec.ts'],
};
