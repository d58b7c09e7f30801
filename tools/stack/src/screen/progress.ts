import type { CancelTimer, Clock } from '@bff/core';
import type { Terminal } from '../command/command.ts';
import type { StackState } from '../prepare/stack-state.ts';

/** Nothing in the first second, then rarer and rarer: all that is printed at a start has twenty lines. */
const pausesMs = [1_000, 2_000, 7_000, 20_000];

/** Says what is still awaited while a start takes longer than a second. Returns what ends it. */
export function showProgress(
  state: () => StackState,
  { terminal, clock }: { terminal: Terminal; clock: Clock },
): CancelTimer {
  let step = 0;
  let cancel: CancelTimer = () => undefined;
  const schedule = () => {
    const pauseMs = pausesMs[Math.min(step++, pausesMs.length - 1)] ?? 0;
    cancel = clock.after(pauseMs, () => {
      terminal.line(describePending(state()));
      schedule();
    });
  };
  schedule();
  return () => cancel();
}

/** `3 of 7 are ready; waiting for web-bff, mobile-bff (restarting)`. */
export function describePending({ processes }: StackState): string {
  const pending = processes
    .filter(({ status }) => status !== 'ready')
    .map(({ name, status }) => (status === 'starting' ? name : `${name} (${status})`));
  const ready = processes.length - pending.length;
  return `${ready} of ${processes.length} processes are ready; waiting for ${pending.join(', ')}`;
}
