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

/** The processes of a level, all started at once, each supervised on its own. */
export class Stack {
  readonly #options: StackOptions;
  readonly #processes: ReadonlyMap<ProcessPlan, SupervisedProcess>;
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

  state(): StackState {
    const processes = [...this.#processes].map(([plan, supervised]) => describeProcess(plan, supervised));
    return {
      level: this.#options.level,
      ready: processes.every(({ status }) => status === 'ready'),
      entries: entryAddresses(this.#options.plans),
      processes,
    };
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
  }
}

function describeProcess(plan: ProcessPlan, { pid, status }: SupervisedProcess): ProcessState {
  const { name, tier, url, grpc, admin } = plan;
  return { name, app: tier.app, pid: pid ?? null, url, ...(grpc !== undefined && { grpc }), admin, status };
}

function entryAddresses(plans: readonly ProcessPlan[]): Partial<Record<Entry, readonly string[]>> {
  const addresses = entries.map((entry): [Entry, string[]] => [
    entry,
    plans.filter(({ tier }) => tier.entry === entry).map(({ url }) => url.replace(/^grpc:\/\//, '')),
  ]);
  return Object.fromEntries(addresses.filter(([, urls]) => urls.length > 0));
}
