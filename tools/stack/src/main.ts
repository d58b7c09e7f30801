import { enableCompileCache } from 'node:module';
import { stackPaths } from './prepare/stack-paths.ts';

// Before anything else is loaded, since each process of the stack starts with the same modules.
const paths = stackPaths(process.env);
enableCompileCache(paths.compileCache);

const { runCommand } = await import('./command/run-command.ts');
const surroundings = {
  environment: process.env,
  paths,
  terminal: { line: (text: string) => console.log(text), error: (text: string) => console.error(text) },
};
// Not `process.exitCode`: what a command leaves open (a keep-alive connection) must not hold the terminal.
process.exit(await runCommand(process.argv.slice(2), surroundings));
