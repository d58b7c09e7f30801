import type { Clock } from '@bff/core';
import type { ProcessState, StackState } from '../prepare/stack-state.ts';
import { entries, type Entry } from '../topology/topology.ts';
import type { ProcessPlan } from '../topology/process-plan.ts';
import { SupervisedProcess, type ProcessEvent } from './supervised-process.ts';

export interface StackOptions {
  level: number;
  plans: readonly ProcessPlan[];
  environmentOf: (plan: ProcessPlan) => Readonly<Record<string, string | undefined>>;
  clock: Clock;
  restartDelayMs: number;
  /** Called with every change. */
  onState: (state: StackState) => void;
  /** Called for what a person should know of: deaths, recoveries. */
  onEvent: (name: string, event: ProcessEvent) => void;
}

/** The processes of a level, all started at once, each supervised on its own; they may come and go afterwards. */
export class Stack {
  readonly #options: StackOptions;
  readonly #processes: Map<ProcessPlan, SupervisedProcess>;
  readonly #waiting = new Set<() => void>();
  #ready = Promise.withResolvers<undefined>();

  constructor(options: StackOptions) {
    this.#options = options;
    this.#processes = new Map(options.plans.map((plan) => [plan, this.#supervise(plan)]));
    // A stack may fail before anybody waits for it.
    this.#ready.promise.catch(() => undefined);
  }

  start(): void {
    for (const supervised of this.#processes.values()) supervised.start();
    this.#publish();
  }

  /** Resolves when every process has been ready; rejects with an `Error` when one cannot start. */
  whenReady(): Promise<undefined> {
    return this.#ready.promise;
  }

  /** Ends all processes; resolves when they are gone. */
  async stop(limitMs: number): Promise<void> {
    await Promise.all([...this.#processes.values()].map((supervised) => supervised.stop(limitMs)));
  }

  /** Ends all processes at once; `stop` then has nothing to wait for. */
  kill(): void {
    for (const supervised of this.#processes.values()) supervised.kill();
  }

  /** The processes in the order of the state. */
  plans(): readonly ProcessPlan[] {
    return [...this.#processes.keys()];
  }

  /** Starts one more process, beside the others of its tier; resolves when it is ready, rejects when it cannot start. */
  async add(plan: ProcessPlan): Promise<void> {
    const supervised = this.#supervise(plan);
    const before = [...this.#processes];
    const last = before.findLastIndex(([{ tier }]) => tier.app === plan.tier.app);
    this.#processes.clear();
    for (const [index, [known, process]] of before.entries()) {
      this.#processes.set(known, process);
      if (index === last) this.#processes.set(plan, supervised);
    }
    supervised.start();
    this.#publish();
    await this.#until(plan, 'ready');
  }

  /** Ends one process in order, for good. */
  async remove(plan: ProcessPlan, limitMs: number): Promise<void> {
    await this.#processes.get(plan)?.stop(limitMs, 'SIGTERM');
    this.#processes.delete(plan);
    this.#publish();
  }

  /** Ends one process in order and starts it again; resolves when it is ready. */
  async restart(plan: ProcessPlan, limitMs: number): Promise<void> {
    await this.#processes.get(plan)?.restart(limitMs);
    await this.#until(plan, 'ready');
  }

  state(): StackState {
    const processes = [...this.#processes].map(([plan, supervised]) => describeProcess(plan, supervised));
    return {
      level: this.#options.level,
      ready: processes.every(({ status }) => status === 'ready'),
      entries: entryAddresses(this.plans()),
      processes,
    };
  }

  async #until(plan: ProcessPlan, status: ProcessState['status']): Promise<void> {
    for (;;) {
      const now = this.#processes.get(plan)?.status;
      if (now === status) return;
      if (now === undefined || now === 'failed' || now === 'stopped') {
        throw new Error(`${plan.name} did not become ${status}; see ${plan.logFile}.`);
      }
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #supervise(plan: ProcessPlan): SupervisedProcess {
    const { clock, restartDelayMs, environmentOf } = this.#options;
    return new SupervisedProcess({
      name: plan.name,
      script: plan.script,
      environment: environmentOf(plan),
      logFile: plan.logFile,
      clock,
      restartDelayMs,
      onEvent: (event) => this.#observe(plan.name, event),
    });
  }

  #observe(name: string, event: ProcessEvent): void {
    if (event.type === 'status') this.#publish();
    else this.#options.onEvent(name, event);
    if (event.type === 'cannot-start') this.#ready.reject(new Error(event.message));
  }

  #publish(): void {
    const state = this.state();
    this.#options.onState(state);
    if (state.ready) this.#ready.resolve(undefined);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const look of waiting) look();
  }
}

function describeProcess(plan: ProcessPlan, { pid, status }: SupervisedProcess): ProcessState {
  const { name, tier, url, grpc, admin } = plan;
  return { name, app: tier.app, pid: pid ?? null, url, ...(grpc !== undefined && { grpc }), admin, status };
}

function entryAddresses(plans: readonly ProcessPlan[]): Partial<Record<Entry, readonly string[]>> {
  const addresses = entries.map((entry): [Entry, string[]] => [
    entry,
    plans.flatMap((plan) => plan.entries[entry] ?? []),
  ]);
  return Object.fromEntries(addresses.filter(([, urls]) => urls.length > 0));
}
