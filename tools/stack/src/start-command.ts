import { systemClock } from '@bff/core';
import { CommandError } from './command/command-error.ts';
import type { Command } from './command/command.ts';
import { oneOf, readOptions } from './command/read-options.ts';
import { startStack, type StartOptions } from './start-stack.ts';
import { defaultPortBase, maxPortBase } from './topology/ports.ts';
import { defaultReplicas, levels, topologyOf } from './topology/topology.ts';

const defaultLevel = '4';
const maxReplicas = 20;

const usage = `npm start [-- OPTIONS]: starts a level of the pattern on this machine; Ctrl-C stops every process.

  --level N             ${levels.map((level) => `${level}: ${topologyOf(level).summary}`).join('; ')} (default ${defaultLevel})
  --replicas K          processes of each replicated tier, at levels 3 and 4 (default ${defaultReplicas})
  --keep-data           go on with the data of the last run; without it each start has fresh sample data
  --restart-after SEC   wait so long before a process that died is started again (default 0.2); twice as long each time
  --port-base N         entries listen on N + 80 to N + 183 (default ${defaultPortBase})
  --help                this text

Environment: HOST, the address to listen on (default 127.0.0.1); STACK_DIR, the folder for data, logs and keys
(default .stack); every other variable is passed on to the processes, LOG_LEVEL for instance.
Exit status: 0 after Ctrl-C, 1 when the stack cannot start, 2 for wrong usage.`;

export const startCommand: Command = {
  usage,
  run: (args, surroundings) => {
    const options = readStartOptions(args, surroundings.environment.HOST);
    return startStack(options, { ...surroundings, clock: systemClock, random: Math.random });
  },
};

/** Throws a `CommandError` of wrong usage. */
export function readStartOptions(args: readonly string[], host: string | undefined): StartOptions {
  const { values } = readOptions(args, {
    level: { type: 'string', default: defaultLevel },
    replicas: { type: 'string' },
    'keep-data': { type: 'boolean', default: false },
    'restart-after': { type: 'string', default: '0.2' },
    'port-base': { type: 'string', default: String(defaultPortBase) },
  });
  return {
    topology: readTopology(values.level, values.replicas),
    host: host === undefined || host === '' ? '127.0.0.1' : host,
    keepData: values['keep-data'],
    restartDelayMs: Math.round(readNumber('--restart-after', values['restart-after'], 0, 86_400) * 1_000),
    portBase: Math.trunc(readNumber('--port-base', values['port-base'], 1_024, maxPortBase)),
  };
}

function readTopology(level: string, replicas: string | undefined) {
  const chosen = oneOf('--level', level, levels);
  if (replicas === undefined) return topologyOf(chosen);
  if (chosen === '1' || chosen === '2') {
    throw new CommandError(`Level ${chosen} has no replicas; --replicas is for --level 3 and --level 4.`, {
      exitStatus: 2,
    });
  }
  return topologyOf(chosen, readNumber('--replicas', replicas, 1, maxReplicas, /^\d+$/));
}

function readNumber(option: string, text: string, min: number, max: number, form = /^\d+(\.\d+)?$/): number {
  const value = form.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new CommandError(`${option} must be a number from ${min} to ${max}, is "${text}".`, {
    exitStatus: 2,
  });
}
