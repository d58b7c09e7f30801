import { libraryOf, type Resource } from './render-kustomization.ts';

interface Model {
  validate(): void;
}
type ModelClass = new (resource: Resource) => Model;

/** What is wrong with the object by the published schema of its kind; empty when nothing is. */
export async function checkResource(resource: Resource): Promise<string[]> {
  const { apiVersion, kind, metadata } = resource;
  const name = `${kind} ${metadata.name}`;
  const ModelClass = await findModel(apiVersion, kind);
  if (!ModelClass) return [`${name}: there is no ${kind} in ${apiVersion}.`];
  try {
    new ModelClass(resource).validate();
    return [];
  } catch (error) {
    return [`${name}: ${(error as Error).message}`];
  }
}

async function findModel(apiVersion: string, kind: string): Promise<ModelClass | undefined> {
  try {
    const module = (await import(`${libraryOf(apiVersion)}/${apiVersion}/${kind}`)) as Record<
      string,
      ModelClass
    >;
    return module[kind];
  } catch {
    return undefined;
  }
}
