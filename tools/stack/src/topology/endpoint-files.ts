import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StackPaths } from '../prepare/stack-paths.ts';
import type { ProcessPlan } from './process-plan.ts';
import type { Fronting } from './topology.ts';

/** Where those that front `app` find its instances: a list that is read again and again, so that replicas may come and go. */
export function endpointFile(paths: StackPaths, app: string, protocol: Fronting['protocol']): string {
  return join(paths.endpoints, `${app}.${protocol}.json`);
}

/** Writes the lists of all apps that somebody fronts, each in one step: a reader sees the old list or the new one. */
export function writeEndpointFiles(paths: StackPaths, plans: readonly ProcessPlan[]): void {
  const apps = new Set(plans.map(({ tier }) => tier.app));
  for (const app of apps) {
    const instances = plans.filter(({ tier }) => tier.app === app);
    const http = instances.flatMap(({ url }) => (url.startsWith('http') ? [url] : []));
    const grpc = instances.flatMap(({ url, grpc: second }) =>
      second !== undefined ? [`grpc://${second}`] : url.startsWith('grpc') ? [url] : [],
    );
    if (http.length > 0) replace(endpointFile(paths, app, 'http'), http);
    if (grpc.length > 0) replace(endpointFile(paths, app, 'grpc'), grpc);
  }
}

function replace(file: string, urls: readonly string[]): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(urls)}\n`);
  renameSync(`${file}.new`, file);
}
