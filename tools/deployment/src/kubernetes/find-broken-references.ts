import { findPods, selects, type Pod, type Selector } from './find-pods.ts';
import type { Resource } from './render-kustomization.ts';

interface Spec {
  selector?: Selector;
  podSelector?: Selector;
  scaleTargetRef?: { name: string };
  parentRefs?: { name: string; sectionName: string }[];
  hostnames?: string[];
  rules?: { backendRefs: { name: string; port: number }[] }[];
  listeners?: { name: string; hostname: string }[];
}
interface ServiceSpec {
  selector: Record<string, string>;
  ports: { name: string; port: number; targetPort: string }[];
}

/** What names something that is not there: a cluster takes such objects, and then nothing is selected, sent or mounted. */
export function findBrokenReferences(resources: readonly Resource[]): string[] {
  const pods = findPods(resources);
  return [
    ...pods.flatMap((pod) => checkPod(pod, resources).map((fault) => `${pod.name}: ${fault}`)),
    ...resources.flatMap((resource) =>
      checkObject(resource, resources, pods).map(
        (fault) => `${resource.kind} ${resource.metadata.name}: ${fault}`,
      ),
    ),
  ];
}

function checkPod({ labels, selector, spec, claims }: Pod, resources: readonly Resource[]): string[] {
  const configMaps = namesOf(resources, 'ConfigMap');
  const volumes = spec.volumes ?? [];
  const maps = [
    ...spec.containers.flatMap(({ envFrom = [] }) => envFrom.map(({ configMapRef }) => configMapRef.name)),
    ...volumes.flatMap(({ configMap }) => (configMap ? [configMap.name] : [])),
  ];
  const spread = (spec.topologySpreadConstraints ?? []).map(({ labelSelector }) => labelSelector);
  return [
    ...[selector, ...spread]
      .filter((each) => !selects(each, labels))
      .map((each) => `its own labels are not those of ${JSON.stringify(each.matchLabels)}`),
    ...maps.filter((name) => !configMaps.has(name)).map((name) => `there is no ConfigMap ${name}`),
    ...spec.containers.flatMap((container) => {
      const ports = new Set((container.ports ?? []).map(({ name }) => name));
      const { startupProbe, livenessProbe, readinessProbe, volumeMounts = [] } = container;
      const probed = [startupProbe, livenessProbe, readinessProbe].flatMap(
        (each) => each?.httpGet?.port ?? [],
      );
      const mountable = new Set([...volumes.map(({ name }) => name), ...claims]);
      return [
        ...probed
          .filter((port) => !ports.has(String(port)))
          .map((port) => `no port ${String(port)} to probe`),
        ...volumeMounts.filter(({ name }) => !mountable.has(name)).map(({ name }) => `no volume ${name}`),
      ];
    }),
  ];
}

function checkObject({ kind, ...object }: Resource, resources: readonly Resource[], pods: readonly Pod[]) {
  const spec = object['spec'] as Spec;
  if (kind === 'Service') return checkService(object['spec'] as ServiceSpec, pods);
  if (kind === 'PodDisruptionBudget') return lacksPod(spec.selector, pods);
  if (kind === 'NetworkPolicy') return lacksPod(spec.podSelector, pods);
  if (kind === 'HorizontalPodAutoscaler') {
    const target = spec.scaleTargetRef?.name ?? '';
    return namesOf(resources, 'Deployment').has(target) ? [] : [`there is no Deployment ${target}`];
  }
  return ['HTTPRoute', 'GRPCRoute'].includes(kind) ? checkRoute(spec, resources) : [];
}

function lacksPod(selector: Selector = {}, pods: readonly Pod[]): string[] {
  return pods.some(({ labels }) => selects(selector, labels)) ? [] : ['it selects no pod'];
}

function checkService({ selector, ports }: ServiceSpec, pods: readonly Pod[]): string[] {
  const [pod, ...others] = pods.filter(({ labels }) => selects({ matchLabels: selector }, labels));
  if (!pod || others.length > 0) return [`it selects ${pod ? 'several apps' : 'no pod'}`];
  const open = new Set(pod.spec.containers.flatMap((each) => (each.ports ?? []).map(({ name }) => name)));
  return ports
    .filter(({ targetPort }) => !open.has(targetPort))
    .map(({ targetPort }) => `its pods have no port ${targetPort}`);
}

function checkRoute({ parentRefs = [], hostnames = [], rules = [] }: Spec, resources: readonly Resource[]) {
  const specOf = (kind: string, wanted: string) =>
    resources.find((each) => each.kind === kind && each.metadata.name === wanted)?.['spec'];
  const hosts = parentRefs.flatMap(({ name, sectionName }) =>
    ((specOf('Gateway', name) as Spec | undefined)?.listeners ?? [])
      .filter((listener) => listener.name === sectionName)
      .map(({ hostname }) => hostname),
  );
  const backends = rules.flatMap(({ backendRefs }) => backendRefs);
  return [
    ...(hosts.length === parentRefs.length ? [] : ['there is no such listener']),
    ...hostnames.filter((host) => !hosts.includes(host)).map((host) => `no listener has the host ${host}`),
    ...backends
      .filter(({ name, port }) => {
        const service = specOf('Service', name) as ServiceSpec | undefined;
        return !service?.ports.some((each) => each.port === port);
      })
      .map(({ name, port }) => `there is no Service ${name} with port ${String(port)}`),
  ];
}

function namesOf(resources: readonly Resource[], wanted: string): ReadonlySet<string> {
  return new Set(resources.filter(({ kind }) => kind === wanted).map(({ metadata }) => metadata.name));
}
