import { dirname, join } from 'node:path';
import type { CreateNodes, ProjectConfiguration, TargetConfiguration } from '@nx/devkit';

/**
 * Gives every app (`apps/NAME/src/main.ts`) its `build`, `serve` and `image` targets, so that an app's
 * package.json repeats none of them. Type check, lint and test come from Nx's own plugins.
 */
export const name = '@bff/workspace';

export const createNodes: CreateNodes = [
  'apps/*/src/main.ts',
  (mainFiles) =>
    mainFiles.map((mainFile) => {
      const root = dirname(dirname(mainFile));
      const project: Omit<ProjectConfiguration, 'root'> = {
        projectType: 'application',
        targets: { build: buildTarget(root), serve: serveTarget, image: imageTarget(root) },
      };
      return [mainFile, { projects: { [root]: project } }] as const;
    }),
];

function buildTarget(root: string): TargetConfiguration {
  return {
    command: `node tools/workspace/src/bundle/main.ts ${root}`,
    options: { cwd: '.' },
    cache: true,
    inputs: [
      'production',
      '^production',
      '{workspaceRoot}/tools/workspace/src/bundle/**/*',
      { externalDependencies: ['esbuild'] },
    ],
    outputs: ['{projectRoot}/dist/bundle'],
    metadata: { description: 'Bundles the app and everything it needs into dist/bundle/main.mjs.' },
  };
}

const serveTarget: TargetConfiguration = {
  command: 'node --watch src/main.ts',
  options: { cwd: '{projectRoot}' },
  continuous: true,
  metadata: { description: 'Runs the app from source and restarts it when a file changes.' },
};

function imageTarget(root: string): TargetConfiguration {
  const app = root.slice('apps/'.length);
  const dockerfile = join('docker', 'app.Dockerfile');
  return {
    dependsOn: ['build'],
    command: `docker build --file ${dockerfile} --build-arg APP=${app} --tag bff/${app} .`,
    options: { cwd: '.' },
    metadata: { description: 'Builds the container image bff/NAME around the bundle; needs Docker.' },
  };
}
