import { resolve } from 'node:path';
import { systemClock } from '@bff/core';
import { simulate } from './command/simulate.ts';

process.exitCode = await simulate(process.argv.slice(2), {
  clock: systemClock,
  // npm runs scripts in the workspace's root, and says here where it was called.
  directory: process.env['INIT_CWD'] ?? process.cwd(),
  workspaceRoot: resolve(import.meta.dirname, '../../..'),
  line: (text) => console.log(text),
  error: (text) => console.error(text),
});
