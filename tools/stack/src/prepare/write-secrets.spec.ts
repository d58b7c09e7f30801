import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseJwks, parsePrivateJwk } from '@bff/auth';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTemporaryPaths } from '../testing/temporary-paths.ts';
import { topologyOf } from '../topology/topology.ts';
import { writeSecrets } from './write-secrets.ts';

describe('the secrets of a run', () => {
  let paths: ReturnType<typeof createTemporaryPaths>;
  beforeEach(() => {
    paths = createTemporaryPaths();
    writeSecrets(topologyOf('2'), paths);
  });
  afterEach(() => paths.remove());

  const read = (name: string) => readFileSync(join(paths.secrets, name), 'utf8');

  it('are readable by their owner alone', () => {
    const modes = readdirSync(paths.secrets).map((name) => statSync(join(paths.secrets, name)).mode & 0o777);
    expect(new Set(modes)).toEqual(new Set([0o600]));
    expect(statSync(paths.secrets).mode & 0o777).toBe(0o700);
  });

  it('are one key per BFF, whose public halves and no others the services trust', () => {
    const kids = ['web', 'mobile', 'wearable'].map(
      (name) => parsePrivateJwk(read(`${name}-bff.jwk.json`)).kid,
    );
    expect(parseJwks(read('internal-jwks.json')).keys.map(({ kid }) => kid)).toEqual(kids);
    expect(kids).not.toContain(parsePrivateJwk(read('identity-provider.jwk.json')).kid);
  });

  it('are new in each run', () => {
    const before = read('web-bff.jwk.json');
    writeSecrets(topologyOf('2'), paths);
    expect(read('web-bff.jwk.json')).not.toBe(before);
  });
});
