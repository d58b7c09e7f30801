// Runs before every script: the workspace is TypeScript run from source, which needs Node 24.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `Node 24 is needed, this is Node ${process.versions.node}. ` +
      'Run `npm ci` (it brings Node 24 for Linux) and start commands with `npm run` or `npx`; ' +
      'on another system install Node 24 and put it first on the PATH.',
  );
  process.exit(1);
}
