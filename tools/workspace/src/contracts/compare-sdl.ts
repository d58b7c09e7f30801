import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

/**
 * What of the change from one SDL to another breaks clients that were made for the first: a field that is gone, an argument that
 * must be given now, an answer that may be null. One line each; empty when every client lives on.
 */
export async function findBreakingSdlChanges(before: string, after: string): Promise<string[]> {
  const changes = await diff(buildSchema(before), buildSchema(after));
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ message, path }) => (path === undefined ? message : `${path}: ${message}`));
}
