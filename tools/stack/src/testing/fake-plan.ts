import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { StackPaths } from '../prepare/stack-paths.ts';
import type { ProcessPlan } from '../topology/process-plan.ts';

const script = fileURLToPath(new URL('./fake-app.ts', import.meta.url));

/** Runs the fake app under the name of a web entry. */
export function createFakePlan(paths: StackPaths, name = 'fake'): ProcessPlan {
  return {
    name,
    tier: { app: name, replicas: 1, role: 'client-facing', protocol: 'http', entries: ['web'], fronts: [] },
    entries: { web: 'http://127.0.0.1:1' },
    script,
    logFile: join(paths.logs, `${name}.log`),
    ports: { public: 1, admin: 2 },
    url: 'http://127.0.0.1:1',
    admin: 'http://127.0.0.1:2',
  };
}
