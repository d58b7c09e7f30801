import { CommandError } from './command-error.ts';
import type { Command, Surroundings } from './command.ts';
import { oneOf } from './read-options.ts';

/** Loaded when asked for: a token needs nothing of what starting needs, and the other way round. */
const commands = {
  start: async () => (await import('../start-command.ts')).startCommand,
  scale: async () => (await import('../scale-command.ts')).scaleCommand,
  restart: async () => (await import('../restart-command.ts')).restartCommand,
  token: async () => (await import('../token-command.ts')).tokenCommand,
  session: async () => (await import('../session-command.ts')).sessionCommand,
  glance: async () => (await import('../glance-command.ts')).glanceCommand,
} satisfies Record<string, () => Promise<Command>>;

const names = Object.keys(commands) as (keyof typeof commands)[];

/** Runs the command of that name; resolves with the exit status. */
export async function runCommand(
  [name = '', ...args]: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  const { terminal } = surroundings;
  try {
    const command = await commands[oneOf('The command', name, names)]();
    if (args.includes('--help') || args.includes('-h')) {
      terminal.line(command.usage);
      return 0;
    }
    return await command.run(args, surroundings);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    terminal.error(error.message);
    return error.exitStatus;
  }
}
