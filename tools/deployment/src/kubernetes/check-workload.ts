import type { Resource } from './render-kustomization.ts';

interface Amounts {
  cpu?: string;
  memory?: string;
}

interface Container {
  name: string;
  image?: string;
  resources?: { requests?: Amounts; limits?: Amounts };
  startupProbe?: object;
  livenessProbe?: object;
  readinessProbe?: object;
  securityContext?: {
    allowPrivilegeEscalation?: boolean;
    readOnlyRootFilesystem?: boolean;
    capabilities?: { drop?: string[] };
  };
}

interface Workload {
  template: {
    spec: {
      containers: Container[];
      automountServiceAccountToken?: boolean;
      securityContext?: { runAsNonRoot?: boolean; seccompProfile?: object };
    };
  };
}

/** What a container of ours must have and this Deployment's lacks, beyond what its schema asks. */
export function checkWorkload(resource: Resource): string[] {
  if (!['Deployment', 'StatefulSet'].includes(resource.kind)) return [];
  const { containers, automountServiceAccountToken, securityContext } = (resource.spec as Workload).template
    .spec;
  const pod = lacking({
    'automountServiceAccountToken: false': automountServiceAccountToken === false,
    'pod securityContext.runAsNonRoot': securityContext?.runAsNonRoot === true,
    'pod securityContext.seccompProfile': securityContext?.seccompProfile !== undefined,
  });
  return [...pod, ...containers.flatMap(checkContainer)].map(
    (what) => `${resource.kind} ${resource.metadata.name} lacks ${what}.`,
  );
}

function checkContainer({ name, resources, securityContext, ...container }: Container): string[] {
  return lacking({
    'resources.requests.cpu': resources?.requests?.cpu !== undefined,
    'resources.requests.memory': resources?.requests?.memory !== undefined,
    'resources.limits.cpu': resources?.limits?.cpu !== undefined,
    'resources.limits.memory': resources?.limits?.memory !== undefined,
    startupProbe: container.startupProbe !== undefined,
    livenessProbe: container.livenessProbe !== undefined,
    readinessProbe: container.readinessProbe !== undefined,
    'securityContext.allowPrivilegeEscalation: false': securityContext?.allowPrivilegeEscalation === false,
    'securityContext.readOnlyRootFilesystem': securityContext?.readOnlyRootFilesystem === true,
    'securityContext.capabilities.drop: [ALL]': securityContext?.capabilities?.drop?.includes('ALL') === true,
  }).map((what) => `${what} in container ${name}`);
}

function lacking(found: Readonly<Record<string, boolean>>): string[] {
  return Object.entries(found)
    .filter(([, present]) => !present)
    .map(([what]) => what);
}
