import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { CancelTimer, Clock } from '@bff/core';
import type { ProcessStatus } from '../prepare/stack-state.ts';
import { restartDelay, stableAfterMs } from './restart-delay.ts';
import { RunLog } from './run-log.ts';

/** What happens to a process, for whoever watches. */
export type ProcessEvent =
  | { type: 'status' }
  | { type: 'died'; reason: string; lastLine: string; restartInMs: number }
  | { type: 'back' }
  /** It ended by itself before it was ever ready: starting it again would end the same. */
  | { type: 'cannot-start'; message: string };

export interface SupervisedProcessOptions {
  name: string;
  script: string;
  environment: Readonly<Record<string, string | undefined>>;
  logFile: string;
  clock: Clock;
  /** Wait before the first restart, in milliseconds; doubled for each further one, up to 10 s. */
  restartDelayMs: number;
  onEvent: (event: ProcessEvent) => void;
}

/** After so many deaths in a row without ever being ready it counts as failed; it is still tried every 10 s. */
const failedAfter = 5;

/** One child process that is started again whenever it dies, until it is stopped. */
export class SupervisedProcess {
  readonly name: string;
  readonly #options: SupervisedProcessOptions;
  #status: ProcessStatus = 'starting';
  #child: ChildProcess | undefined;
  #log: RunLog;
  #everReady = false;
  #readySince: number | undefined;
  #deaths = 0;
  #cancelRestart: CancelTimer = () => undefined;

  constructor(options: SupervisedProcessOptions) {
    this.name = options.name;
    this.#options = options;
    this.#log = new RunLog(options.logFile);
  }

  get status(): ProcessStatus {
    return this.#status;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    const { script, environment, logFile } = this.#options;
    this.#log = new RunLog(logFile);
    const log = openSync(logFile, 'a');
    // Detached: a Ctrl-C in the terminal reaches the launcher alone, which then stops its children in order.
    // The channel makes a child notice when the launcher is gone, however that happened.
    const child = spawn(process.execPath, [script], {
      env: environment,
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    child.on('message', (message) => {
      if (isReadyMessage(message)) this.#becomeReady();
    });
    child.once('error', (error) => this.#ended(error.message, undefined));
    child.once('exit', (code, signal) => {
      this.#ended(signal ?? `exit status ${String(code)}`, code ?? undefined);
    });
  }

  /**
   * Ends the process: asked first, killed after `limitMs`. Resolves when it is gone. SIGINT, at once; SIGTERM, with the
   * time that those need who send it requests.
   */
  async stop(limitMs: number, signal: 'SIGINT' | 'SIGTERM' = 'SIGINT'): Promise<void> {
    this.#cancelRestart();
    const child = this.#child;
    this.#become(child ? 'stopping' : 'stopped');
    if (!child) return;
    await new Promise<void>((resolve) => {
      const cancelKill = this.#options.clock.after(limitMs, () => child.kill('SIGKILL'));
      child.once('exit', () => {
        cancelKill();
        resolve();
      });
      child.kill(signal);
    });
    this.#become('stopped');
  }

  /** Ends the process in order and starts it again; resolves when the new one is started, which is before it is ready. */
  async restart(limitMs: number): Promise<void> {
    await this.stop(limitMs, 'SIGTERM');
    this.#deaths = 0;
    this.start();
    this.#become('starting');
  }

  /** Ends the process at once, for somebody who does not want to wait for `stop`. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  #becomeReady(): void {
    if (this.#status === 'stopping') return;
    const again = this.#everReady;
    this.#everReady = true;
    this.#readySince = this.#options.clock.now();
    this.#become('ready');
    if (again) this.#options.onEvent({ type: 'back' });
  }

  #ended(reason: string, code: number | undefined): void {
    if (!this.#child) return;
    this.#child = undefined;
    if (this.#status === 'stopping') return;
    const { clock, restartDelayMs, onEvent } = this.#options;
    if (!this.#everReady && code !== undefined && code !== 0) {
      this.#become('failed');
      onEvent({ type: 'cannot-start', message: this.#whyNotStarted(reason) });
      return;
    }
    const upMs = this.#readySince === undefined ? 0 : clock.now() - this.#readySince;
    this.#deaths = upMs >= stableAfterMs ? 1 : this.#deaths + 1;
    this.#readySince = undefined;
    const restartInMs = restartDelay(this.#deaths, restartDelayMs);
    this.#become(this.#deaths >= failedAfter && upMs === 0 ? 'failed' : 'restarting');
    onEvent({ type: 'died', reason, lastLine: this.#log.lastLine(), restartInMs });
    this.#cancelRestart = clock.after(restartInMs, () => {
      this.start();
      this.#become(this.#status);
    });
  }

  #whyNotStarted(reason: string): string {
    const { name, logFile } = this.#options;
    const why = this.#log.uncaughtError() ?? `it ended with ${reason}`;
    return this.#log.startFailure() ?? `${name} cannot start: ${why}; see ${logFile}.`;
  }

  #become(status: ProcessStatus): void {
    this.#status = status;
    this.#options.onEvent({ type: 'status' });
  }
}

function isReadyMessage(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready';
}
