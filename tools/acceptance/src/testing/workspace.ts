import { fileURLToPath } from 'node:url';

/** The root of the workspace. */
export const workspaceRoot = fileURLToPath(new URL('../../../..', import.meta.url));

/** An environment as a person has it: without what npm, Nx and Jest add to that of a test. */
export function userEnvironment(): Record<string, string | undefined> {
  const added = /^(npm_|NX_|JEST_|NODE_ENV$|NODE_OPTIONS$|NODE_COMPILE_CACHE$|FORCE_COLOR$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !added.test(name)));
}
