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

  it.each(['peers', 'faults'])(
    'infers test-%s, uncached, where there is a configuration for it',
    async (kind) => {
      const [project] = await inferProjects(`libs/service-kit/jest.${kind}.config.mjs`);
      const { targets = {} } = project?.['libs/service-kit'] ?? {};
      expect(Object.keys(targets)).toEqual([`test-${kind}`]);
      expect(targets[`test-${kind}`]).toMatchObject({ command: `jest --config jest.${kind}.config.mjs` });
      expect(targets[`test-${kind}`]?.cache).toBeUndefined();
    },
  );
});
