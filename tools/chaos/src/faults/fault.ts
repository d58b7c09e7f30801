import type { ProcessState, RunningStack } from '../stack/running-stack.ts';

/** Something that happens to one process, or to all of them one after the other. */
export interface Fault {
  readonly name: string;
  /** What happens, for the report's reader. */
  readonly summary: string;
  /** For stacks whose processes take faults on demand only: not in production. */
  readonly onDemand?: true;
  /** For how long it lasts before it is healed, in milliseconds. */
  readonly lastsMs: number;
  /** Each client's stream must be told of it: nothing breaks, everything moves on. */
  readonly isOrderly?: true;
  /** Lets it happen; what is returned heals it. */
  inject(target: ProcessState, stack: RunningStack): Promise<() => Promise<void>>;
}

const nothing = () => Promise.resolve();

function signal({ pid, name }: ProcessState, what: NodeJS.Signals): void {
  if (pid === null) throw new Error(`${name} has no process.`);
  try {
    process.kill(pid, what);
  } catch (error) {
    // It ended meanwhile: nothing to heal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export const kill: Fault = {
  name: 'kill -9',
  summary: 'SIGKILL; the launcher starts it again',
  lastsMs: 0,
  async inject(target, stack) {
    signal(target, 'SIGKILL');
    await stack.untilEnded(target);
    return nothing;
  },
};

export const freeze: Fault = {
  name: 'freeze',
  summary: 'SIGSTOP for 1.8 s: connections stay open, nobody answers, health included',
  lastsMs: 1_800,
  inject(target) {
    signal(target, 'SIGSTOP');
    return Promise.resolve(() => {
      signal(target, 'SIGCONT');
      return Promise.resolve();
    });
  },
};

export const restart: Fault = {
  name: 'restart',
  summary: 'SIGTERM, and the launcher starts it again: one step of a rolling restart',
  lastsMs: 0,
  isOrderly: true,
  async inject(target, stack) {
    await stack.restart(target);
    return nothing;
  },
};

export const restartAll: Fault = {
  name: 'rolling restart',
  summary: 'every process of the stack, one after the other: `npm run restart -- --all`',
  lastsMs: 0,
  isOrderly: true,
  async inject(_target, stack) {
    await stack.restartAll();
    return nothing;
  },
};

/** Faults on demand: whatever the process answers, it says that it is well. */
function onDemand(name: string, summary: string, settings: object): Fault {
  return {
    ...{ name, summary, onDemand: true, lastsMs: 1_800 },
    async inject({ admin }) {
      await setFaults(admin, 'PUT', settings);
      return () => setFaults(admin, 'DELETE');
    },
  };
}

async function setFaults(admin: string, method: 'PUT' | 'DELETE', settings?: object): Promise<void> {
  const response = await fetch(`${admin}/faults`, {
    method,
    ...(settings && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(settings) }),
  });
  if (!response.ok) throw new Error(`${admin}/faults: ${await response.text()}`);
}

/** What happens to every tier. */
export const faults: readonly Fault[] = [
  kill,
  freeze,
  restart,
  onDemand('slow', 'takes 200 to 300 ms longer for everything: ten times as long', {
    latencyMs: 200,
    jitterMs: 100,
  }),
  onDemand('failing', 'answers 500 (INTERNAL) to everything, at once', { errorRate: 1 }),
  onDemand('resetting', 'resets every connection instead of answering', { reset: true }),
  onDemand('black hole', 'takes every request and answers none', { hang: true }),
];
