import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ProcessState } from './running-stack.ts';

const run = promisify(execFile);

interface Container {
  readonly Name: string;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> };
  readonly State: {
    readonly Pid: number;
    readonly Running: boolean;
    readonly Health?: { readonly Status: string };
  };
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>> };
}

/** As docker/compose.yaml has them. */
const adminPort = 9_090;
const statisticsPort = 8_404;
const answerLimitMs = 1_000;

/** Our own, which say on their admin listener whether they are ready. */
const isOurs = (app: string) => /-(bff|service|gateway|provider)$/.test(app);

/**
 * All containers of a Compose project, and whether they are ready. Ours and the load balancers are asked, which this machine
 * can: Docker's health checks come every five seconds. The others are what Docker says of them.
 */
export async function readContainers(project: string): Promise<ProcessState[]> {
  const containers = await inspectAll(project);
  return Promise.all(containers.filter((container) => appOf(container) !== 'keys').map(toProcess));
}

async function inspectAll(project: string): Promise<Container[]> {
  const filter = `label=com.docker.compose.project=${project}`;
  const { stdout } = await run('docker', ['ps', '--all', '--quiet', '--filter', filter]);
  const ids = stdout.split('\n').filter((id) => id !== '');
  if (ids.length === 0) return [];
  const { stdout: json } = await run('docker', ['inspect', ...ids], { maxBuffer: 64_000_000 });
  return JSON.parse(json) as Container[];
}

/** Two services of Compose, one tier; the BFFs of level 2 stand alone. */
function appOf({ Config }: Container): string {
  const service = Config.Labels['com.docker.compose.service'] ?? '';
  return service.replace(/^edge-.$/, 'edge').replace(/-alone$/, '');
}

async function toProcess(container: Container): Promise<ProcessState> {
  const { Name, State, NetworkSettings } = container;
  const app = appOf(container);
  const [address = ''] = Object.values(NetworkSettings.Networks).map(({ IPAddress }) => IPAddress);
  const port = isOurs(app) ? adminPort : statisticsPort;
  const admin = isOurs(app) || app === 'edge' ? `http://${address}:${String(port)}` : '';
  const isReady = State.Running && (admin === '' ? isHealthy(State) : await answers(admin, app));
  return {
    ...{ name: Name.replace(/^\//, ''), app, admin },
    pid: State.Running ? State.Pid : null,
    status: isReady ? 'ready' : 'starting',
  };
}

/** Without a health check (Prometheus) running has to do. */
const isHealthy = ({ Health }: Container['State']) => (Health?.Status ?? 'healthy') === 'healthy';

async function answers(admin: string, app: string): Promise<boolean> {
  return (await ask(`${admin}${app === 'edge' ? '/metrics' : '/readyz'}`)) !== undefined;
}

async function ask(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(answerLimitMs) });
    const body = await response.text();
    return response.ok ? body : undefined;
  } catch {
    return undefined;
  }
}

/** Whether every load balancer sends requests to every replica of the BFFs. */
export async function edgesUseAll(processes: readonly ProcessState[]): Promise<boolean> {
  const edges = processes.filter(({ app }) => app === 'edge');
  const backends = ['web', 'mobile', 'wearable'].map((name) => {
    const replicas = processes.filter(({ app }) => app === `${name}-bff`).length;
    return { name, replicas };
  });
  const found = await Promise.all(
    edges.map(async ({ admin }) => {
      // One line per server: backend, server, …, status.
      const rows = ((await ask(`${admin}/;csv`)) ?? '').split('\n').map((line) => line.split(','));
      const isUp = (name: string) =>
        rows.filter(([backend, server, ...rest]) => {
          const isServer = backend === name && server !== 'FRONTEND' && server !== 'BACKEND';
          return isServer && rest.includes('UP');
        }).length;
      return backends.every(({ name, replicas }) => isUp(name) === replicas);
    }),
  );
  return found.every(Boolean);
}
