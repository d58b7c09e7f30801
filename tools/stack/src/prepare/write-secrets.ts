import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { internalKeySetFile, privateKeyFile } from '../topology/process-environment.ts';
import type { Topology } from '../topology/topology.ts';
import { createSigningKey, type SigningKey } from './create-signing-key.ts';
import type { StackPaths } from './stack-paths.ts';

/**
 * Writes new keys for this run, readable by their owner alone: one that signs access tokens, and one for each app
 * that vouches for its clients, whose public halves all services trust.
 */
export function writeSecrets(topology: Topology, paths: StackPaths): void {
  rmSync(paths.secrets, { recursive: true, force: true });
  mkdirSync(paths.secrets, { recursive: true, mode: 0o700 });
  const trusted: SigningKey['publicJwk'][] = [];
  for (const { app, role } of topology.tiers) {
    if (role === 'service' || role === 'edge') continue;
    const { privateJwk, publicJwk } = createSigningKey();
    writeSecret(privateKeyFile(paths, app), privateJwk);
    if (role === 'client-facing') trusted.push(publicJwk);
  }
  writeSecret(internalKeySetFile(paths), { keys: trusted });
}

function writeSecret(file: string, content: object): void {
  writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
}
