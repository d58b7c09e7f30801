import nx from '@nx/eslint-plugin';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { declaredImports } from './tools/workspace/src/lint/declared-imports.ts';

const graphqlServer = ['graphql', 'graphql/*', '@apollo/*', '@as-integrations/*'];
const express = ['express', 'express/*'];
const grpc = ['@grpc/*'];

/** What each layer may import from this workspace, and which protocols it must not know. */
const layers = [
  { layer: 'core', mayImport: ['core'], mayNotKnow: [...express, ...graphqlServer, ...grpc] },
  { layer: 'usecase', mayImport: ['core'], mayNotKnow: [...express, ...graphqlServer, ...grpc] },
  { layer: 'infra', mayImport: ['core', 'infra'], mayNotKnow: [...express, ...graphqlServer] },
  { layer: 'upstream', mayImport: ['core', 'infra'], mayNotKnow: [...express, ...graphqlServer] },
  // service-kit builds on server-kit.
  { layer: 'edge', mayImport: ['core', 'infra', 'edge'], mayNotKnow: graphqlServer },
  { layer: 'app', mayImport: ['core', 'usecase', 'infra', 'upstream', 'edge'], mayNotKnow: [] },
];

/** Whose code it is: a project depends on its own scope and on the platform, so no team reaches into another's BFF. */
const scopes = ['web', 'mobile', 'wearable', 'gateway', 'service', 'platform'];

/** @param {{ expressAllowed?: boolean }} [exception] */
function moduleBoundaries({ expressAllowed = false } = {}) {
  const banned = (/** @type {string[]} */ names) =>
    expressAllowed ? names.filter((name) => !express.includes(name)) : names;
  return [
    'error',
    {
      banTransitiveDependencies: true,
      // Loading a library late in one place does not forbid an ordinary import of it in another.
      checkDynamicDependenciesExceptions: ['.*'],
      depConstraints: [
        ...layers.map(({ layer, mayImport, mayNotKnow }) => ({
          sourceTag: `layer:${layer}`,
          onlyDependOnLibsWithTags: mayImport.map((name) => `layer:${name}`),
          bannedExternalImports: banned(mayNotKnow),
        })),
        ...scopes.map((scope) => ({
          sourceTag: `scope:${scope}`,
          onlyDependOnLibsWithTags: [...new Set([`scope:${scope}`, 'scope:platform'])],
        })),
      ],
    },
  ];
}

/** A test that is switched off proves nothing. */
const switchedOffTests = [
  'CallExpression[callee.object.name=/^(describe|it|test)$/][callee.property.name=/^(only|skip|failing|todo)$/]',
  'CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/]',
].map((selector) => ({ selector, message: 'A test runs or it is deleted: no only, skip, todo or failing.' }));

export default defineConfig(
  { ignores: ['**/dist/', '**/generated/', '**/coverage/', '.nx/', '.stack/', '**/node_modules/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      // `return log(x)` in an arrow is short and clear; everywhere else a void value is a mistake.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // An async function without await turns a throw into a rejection, which a port promises.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      // Most objects here are closures made by a `createX`, and ports are written as methods: nothing to unbind.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['{apps,libs,tools}/*/src/**/*.ts'],
    plugins: { '@nx': nx, workspace: { rules: { 'declared-imports': declaredImports } } },
    rules: { '@nx/enforce-module-boundaries': moduleBoundaries(), 'workspace/declared-imports': 'error' },
  },
  {
    // The one place of the infra layer that knows Express: auth's adapter.
    files: ['libs/auth/src/express/**/*.ts', 'libs/auth/src/**/*express*.ts'],
    rules: { '@nx/enforce-module-boundaries': moduleBoundaries({ expressAllowed: true }) },
  },
  {
    // Commands speak to their user on the terminal; so does the start of a process before there is a log.
    files: ['tools/*/src/**/*.ts', 'apps/*/src/main.ts', 'libs/server-kit/src/run-process.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // Tests read parsed JSON and index into answers they have just asserted on. Floating promises stay forbidden.
    files: ['**/*.{spec,peer-spec}.ts', '**/testing/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...switchedOffTests],
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
