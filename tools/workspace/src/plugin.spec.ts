import { describe, expect, it } from '@jest/globals';
import { createNodes } from './plugin.ts';

describe('workspace plugin', () => {
  it('infers build, serve and image for every app that has a main.ts', async () => {
    const [pattern, infer] = createNodes;
    expect(pattern).toBe('apps/*/src/main.ts');
    const nodes = await infer(['apps/web-bff/src/main.ts', 'apps/api-gateway/src/main.ts'], undefined, {
      workspaceRoot: '/workspace',
      nxJsonConfiguration: {},
    });
    const projects = Object.assign({}, ...nodes.map(([, result]) => result.projects)) as NonNullable<
      (typeof nodes)[number][1]['projects']
    >;
    expect(Object.keys(projects)).toEqual(['apps/web-bff', 'apps/api-gateway']);
    expect(projects['apps/web-bff']?.targets).toMatchObject({
      build: {
        cache: true,
        outputs: ['{projectRoot}/dist/bundle'],
        command: expect.stringContaining('apps/web-bff'),
      },
      serve: { continuous: true },
      image: { dependsOn: ['build'], command: expect.stringContaining('--tag bff/web-bff') },
    });
  });
});
