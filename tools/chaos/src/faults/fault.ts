import type { ProcessState, RunningStack } from '../stack/running-stack.ts';

/** Something that happens to one process. */
export interface Fault {
  readonly name: string;
  /** What happens, for the report's reader. */
  readonly summary: string;
  /** For apps with faults on demand only. */
  readonly onDemand?: true;
  /** For how long it lasts before it is healed, in milliseconds. */
  readonly lastsMs: number;
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
  lastsMs: 1_500,
  inject(target) {
    signal(target, 'SIGKILL');
    return Promise.resolve(nothing);
  },
};

export const freeze: Fault = {
  name: 'freeze',
  summary:
    'SIGSTOP for three seconds: connections stay open, nobody answers; also what a black hole looks like to its peers',
  lastsMs: 3_000,
  inject(target) {
    signal(target, 'SIGSTOP');
    return Promise.resolve(() => {
      signal(target, 'SIGCONT');
      return Promise.resolve();
    });
  },
};

/** In each period of 20 ms it runs for 2 ms: everything takes ten times as long. */
const slowPeriodMs = 20;
const slowRunMs = 2;

export const slow: Fault = {
  name: 'slow × 10',
  summary: 'stopped for 18 of every 20 ms, three seconds long',
  lastsMs: 3_000,
  inject(target) {
    const stop = setInterval(() => {
      signal(target, 'SIGCONT');
      setTimeout(() => {
        signal(target, 'SIGSTOP');
      }, slowRunMs);
    }, slowPeriodMs);
    return Promise.resolve(async () => {
      clearInterval(stop);
      await new Promise<void>((resolve) => setTimeout(resolve, slowPeriodMs));
      signal(target, 'SIGCONT');
    });
  },
};

export const restart: Fault = {
  name: 'rolling restart',
  summary: 'SIGTERM to one after the other, as `npm run restart` does',
  lastsMs: 0,
  async inject({ app }, stack) {
    await stack.restart(app);
    return nothing;
  },
};

function onDemand(name: string, summary: string, settings: object): Fault {
  return {
    ...{ name, summary, onDemand: true, lastsMs: 3_000 },
    async inject({ admin }) {
      await setFaults(admin, settings);
      return () => setFaults(admin, {});
    },
  };
}

async function setFaults(admin: string, settings: object): Promise<void> {
  const response = await fetch(`${admin}/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  });
  if (!response.ok) throw new Error(`${admin}/faults: ${await response.text()}`);
}

export const faults: readonly Fault[] = [
  kill,
  freeze,
  restart,
  slow,
  onDemand('failing', 'answers 500 to everything, at once', { errorRate: 1 }),
  onDemand('resetting', 'resets every connection instead of answering', { reset: true }),
  onDemand('black hole', 'takes every request and answers none', { hang: true }),
];
