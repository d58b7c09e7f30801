import type { Resource } from './render-kustomization.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Selector {
  matchLabels?: Labels;
  matchExpressions?: unknown;
}

interface Probe {
  httpGet?: { port: string | number };
}

interface ContainerSpec {
  name: string;
  image: string;
  imagePullPolicy?: string;
  ports?: { name: string; containerPort: number }[];
  env?: { name: string; value?: string; valueFrom?: { secretKeyRef?: { name: string; key: string } } }[];
  envFrom?: { configMapRef: { name: string } }[];
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  volumeMounts?: { name: string; mountPath: string }[];
}

interface Volume {
  name: string;
  configMap?: { name: string };
  secret?: { secretName: string };
}

/** What a Deployment or StatefulSet starts. */
export interface Pod {
  readonly name: string;
  readonly labels: Labels;
  readonly selector: Selector;
  readonly spec: {
    containers: [ContainerSpec, ...ContainerSpec[]];
    volumes?: Volume[];
    terminationGracePeriodSeconds?: number;
    topologySpreadConstraints?: { labelSelector: Selector }[];
  };
  readonly claims: readonly string[];
}

interface WorkloadSpec {
  selector: Selector;
  template: { metadata: { labels: Labels }; spec: Pod['spec'] };
  volumeClaimTemplates?: { metadata: { name: string } }[];
}

export function findPods(resources: readonly Resource[]): Pod[] {
  return resources
    .filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind))
    .map(({ metadata, ...resource }) => {
      const { selector, template, volumeClaimTemplates = [] } = resource['spec'] as WorkloadSpec;
      const claims = volumeClaimTemplates.map((claim) => claim.metadata.name);
      return { name: metadata.name, labels: template.metadata.labels, selector, spec: template.spec, claims };
    });
}

/** Whether labels are selected. Throws for `matchExpressions`, which nothing here uses. */
export function selects({ matchLabels = {}, matchExpressions }: Selector, labels: Labels): boolean {
  if (matchExpressions !== undefined) throw new Error('matchExpressions are not understood by these checks.');
  return Object.entries(matchLabels).every(([name, value]) => labels[name] === value);
}
