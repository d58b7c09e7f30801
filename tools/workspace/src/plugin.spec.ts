import { describe, expect, it } from '@jest/globals';
import { createNodes } from './plugin.ts';

const inferProjects = async (...files: string[]) => {
  const [, infer] = createNodes;
  const nodes = await infer(files, undefined, { workspaceRoot: '/workspace', nxJsonConfiguration: {} });
  return nodes.map(([, result]) => result.projects);
};

describe('workspace plugin', () => {
  it('infers build, serve and image for every app that has a main.ts', async () => {
    const [web, gateway] = await inferProjects('apps/web-bff/src/main.ts', 'apps/api-gateway/src/main.ts');
    expect(Object.keys(gateway ?? {})).toEqual(['apps/api-gateway']);
    expect(web?.['apps/web-bff']?.targets).toMatchObject({
      build: {
        cache: true,
        outputs: ['{projectRoot}/dist/bundle'],
        command: expect.stringContaining('apps/web-bff'),
      },
      serve: { continuous: true },
      image: { dependsOn: ['build'], command: expect.stringContaining('--tag bff/web-bff') },
    });
  });

  it('infers test-peers, uncached, where there is a jest.peers.config.mjs', async () => {
    const [project] = await inferProjects('libs/service-kit/jest.peers.config.mjs');
    const { targets = {} } = project?.['libs/service-kit'] ?? {};
    expect(Object.keys(targets)).toEqual(['test-peers']);
    expect(targets['test-peers']?.cache).toBeUndefined();
  });
});
