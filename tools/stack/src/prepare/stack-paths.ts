import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where a stack keeps what it writes. */
export interface StackPaths {
  /** The workspace. */
  readonly root: string;
  /** `.stack`, or `STACK_DIR`: a second stack of one workspace needs a folder of its own. */
  readonly folder: string;
  readonly stateFile: string;
  /** Holds the launcher's process id while a stack runs. */
  readonly lockFile: string;
  readonly data: string;
  readonly secrets: string;
  readonly logs: string;
  /** The addresses of each app's instances, for those that front it. */
  readonly endpoints: string;
  /** Where the launcher takes commands while it runs. */
  readonly controlSocket: string;
  /** Node's compile cache, one for all stacks of the workspace: it holds code, no state. */
  readonly compileCache: string;
}

export function stackPaths(environment: Readonly<Record<string, string | undefined>>): StackPaths {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');
  const folder = resolve(root, environment.STACK_DIR ?? '.stack');
  return {
    root,
    folder,
    stateFile: join(folder, 'state.json'),
    lockFile: join(folder, 'launcher.pid'),
    data: join(folder, 'data'),
    secrets: join(folder, 'secrets'),
    logs: join(folder, 'logs'),
    endpoints: join(folder, 'endpoints'),
    controlSocket: join(folder, 'control.sock'),
    compileCache: join(root, 'node_modules/.cache/compile'),
  };
}
