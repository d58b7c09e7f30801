import preset from '../../tools/workspace/jest/preset.mjs';

/** Tests against other people's servers, run by `npm run test:peers` alone. */
export default { ...preset, displayName: 'service-kit peers', testMatch: ['<rootDir>/src/**/*.peer-spec.ts'] };
