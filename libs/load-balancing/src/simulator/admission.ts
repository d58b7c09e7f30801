import type { Clock } from '@bff/core';
import type { OnAnswer } from './arriving-call.ts';

/** A place that an admitted call holds; `done` is called once. */
export interface AdmissionPermit {
  /** `dropped`: it took longer than its caller waits. `ignored`: how long it took says nothing. */
  done(outcome: 'success' | 'dropped' | 'ignored'): void;
}

export interface AdmissionRefusal {
  readonly retryAfterMs: number | undefined;
}

/** Decides at once whether an instance begins a call. */
export interface Admission {
  acquire(priority: string): AdmissionPermit | AdmissionRefusal;
}

/** Injected, since this library knows no limiter: `@bff/simulate` puts the one of `@bff/admission` here. */
export type CreateAdmission = (options: {
  readonly clock: Clock;
  readonly tuning: Readonly<Record<string, number>>;
}) => Admission;

/** Gives the permit back when the call is answered. */
export function releasing(
  permit: AdmissionPermit,
  clock: Clock,
  timeoutMs: number,
  onAnswer: OnAnswer,
): OnAnswer {
  const startedAt = clock.now();
  return (answer) => {
    if (answer !== 'success') permit.done('ignored');
    else permit.done(clock.now() - startedAt > timeoutMs ? 'dropped' : 'success');
    onAnswer(answer);
  };
}
