export default { preset: '../../tools/workspace/jest/preset.mjs', displayName: 'chaos' };
