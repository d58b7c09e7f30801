import { basename, dirname, join } from 'node:path';
import type { CreateNodes, ProjectConfiguration, TargetConfiguration } from '@nx/devkit';

/**
 * Gives every app (`apps/NAME/src/main.ts`) its `build`, `serve` and `image` targets, and every project with a
 * `jest.peers.config.mjs` or `jest.faults.config.mjs` its `test-peers` or `test-faults` target, so that no package.json
 * repeats them.
 * Type check, lint and test come from Nx's own plugins.
 */
export const name = '@bff/workspace';

export const createNodes: CreateNodes = [
  '{apps/*/src/main.ts,{apps,libs,tools}/*/jest.{peers,faults}.config.mjs}',
  (files) =>
    files.map((file) => {
      const isMain = basename(file) === 'main.ts';
      const root = isMain ? dirname(dirname(file)) : dirname(file);
      return [file, { projects: { [root]: isMain ? app(root) : testedOtherwise(file) } }] as const;
    }),
];

type Project = Omit<ProjectConfiguration, 'root'>;

function app(root: string): Project {
  return {
    projectType: 'application',
    targets: { build: buildTarget(root), serve: serveTarget, image: imageTarget(root) },
  };
}

/** What a Jest configuration of its own is for. Not cached: the program on the other side, or the machine, is no input of a task. */
const otherTests: Readonly<Record<string, string>> = {
  peers: 'Tests against programs that are not ours; needs them installed.',
  faults: 'Tests of real processes under faults; wants the machine for itself.',
};

function testedOtherwise(file: string): Project {
  const [, kind = ''] = basename(file).split('.');
  return {
    targets: {
      [`test-${kind}`]: {
        command: `jest --config ${basename(file)}`,
        options: {
          cwd: '{projectRoot}',
          env: { NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' },
        },
        metadata: { description: otherTests[kind] ?? '' },
      },
    },
  };
}

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
