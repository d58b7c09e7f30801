import type { Clock } from '@bff/core';
import { releasing, type Admission } from './admission.ts';
import type { ArrivingCall, Answer, OnAnswer } from './arriving-call.ts';
import { isActive, nextChangeAfter } from './fault-times.ts';
import type { Fault, InstanceScenario } from './scenario.ts';
import { sampleServiceTime } from './service-time.ts';

/** How long it takes to learn that nobody listens, or that a call is turned away, in milliseconds. */
const refusalMs = 1;

interface Work {
  onAnswer: OnAnswer | undefined;
  answer: Answer;
}

/** A process that serves calls: so many at a time, the others in a queue, with faults that come and go. */
export class SimulatedInstance {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #scenario: InstanceScenario;
  readonly #faults: readonly Fault[];
  readonly #queue: Work[] = [];
  readonly #running = new Set<Work>();
  /** Finished or accepted while frozen; goes on when it thaws. */
  #held: (() => void)[] = [];

  readonly #createAdmission: () => Admission | undefined;
  #admission: Admission | undefined;

  constructor(
    scenario: InstanceScenario,
    clock: Clock,
    random: () => number,
    createAdmission: () => Admission | undefined = () => undefined,
  ) {
    this.#scenario = scenario;
    this.#clock = clock;
    this.#random = random;
    this.#createAdmission = createAdmission;
    this.#admission = createAdmission();
    this.#faults = scenario.faults ?? [];
    for (const fault of this.#faults) {
      if (fault.kind === 'dead' || fault.kind === 'frozen') this.#watch(fault);
    }
  }

  /** Takes a call; `onAnswer` is called once, later. */
  serve(call: ArrivingCall, onAnswer: OnAnswer): void {
    if (this.#active('dead') || this.#active('draining')) {
      this.#clock.after(refusalMs, () => onAnswer({ failure: 'refused' }));
    } else if (this.#active('frozen')) {
      this.#held.push(() => this.serve(call, onAnswer));
    } else {
      this.#admit(call, onAnswer);
    }
  }

  #admit({ priority, timeoutMs }: ArrivingCall, onAnswer: OnAnswer): void {
    const admitted = this.#admission?.acquire(priority);
    if (admitted === undefined) this.#accept(onAnswer);
    else if ('done' in admitted) this.#accept(releasing(admitted, this.#clock, timeoutMs, onAnswer));
    else {
      const { retryAfterMs } = admitted;
      this.#clock.after(refusalMs, () => onAnswer({ failure: 'overloaded', retryAfterMs }));
    }
  }

  #accept(onAnswer: OnAnswer): void {
    const failing = this.#active('failing');
    if (failing && this.#random() < (failing.share ?? 1)) {
      const { answer: failure, retryAfterMs, afterMs } = failing;
      this.#run({ onAnswer, answer: { failure, retryAfterMs } }, afterMs);
      return;
    }
    const { concurrency = Infinity, queueLimit = Infinity } = this.#scenario;
    const work: Work = { onAnswer, answer: 'success' };
    if (this.#running.size < concurrency) this.#run(work, this.#serviceMs());
    else if (this.#queue.length < queueLimit) this.#queue.push(work);
    else this.#clock.after(refusalMs, () => onAnswer({ failure: 'overloaded' }));
  }

  #run(work: Work, serviceMs: number): void {
    this.#running.add(work);
    this.#clock.after(serviceMs, () => this.#finish(work));
  }

  #finish(work: Work): void {
    if (work.onAnswer === undefined) return;
    if (this.#active('frozen')) {
      this.#held.push(() => this.#finish(work));
      return;
    }
    this.#running.delete(work);
    const next = this.#queue.shift();
    if (next) this.#run(next, this.#serviceMs());
    this.#answer(work, work.answer);
  }

  #answer(work: Work, answer: Answer): void {
    const { onAnswer } = work;
    work.onAnswer = undefined;
    onAnswer?.(answer);
  }

  #serviceMs(): number {
    const serviceMs = sampleServiceTime(this.#scenario.serviceTime, this.#random);
    const slow = this.#active('slow');
    return slow ? (slow.fixedMs ?? serviceMs * (slow.factor ?? 1)) : serviceMs;
  }

  #active<Kind extends Fault['kind']>(kind: Kind): Extract<Fault, { kind: Kind }> | undefined {
    if (this.#faults.length === 0) return undefined;
    const now = this.#clock.now();
    const found = this.#faults.find((fault) => fault.kind === kind && isActive(fault, now));
    return found as Extract<Fault, { kind: Kind }> | undefined;
  }

  /** Lets the death or the thaw take effect on what is under way. */
  #watch(fault: Fault): void {
    const now = this.#clock.now();
    const change = nextChangeAfter(fault, now);
    if (change === Infinity) return;
    this.#clock.after(change - now, () => {
      if (this.#active('dead')) this.#die();
      else if (!this.#active('frozen')) this.#thaw();
      this.#watch(fault);
    });
  }

  #die(): void {
    const lost = [...this.#running, ...this.#queue];
    this.#running.clear();
    this.#queue.length = 0;
    for (const work of lost) this.#answer(work, { failure: 'reset' });
    const held = this.#held;
    this.#held = [];
    // What comes back is a new process: it has to learn its limit again.
    this.#admission = this.#createAdmission();
    // Finishing work that was lost does nothing; serving what was accepted while frozen refuses it.
    for (const goOn of held) goOn();
  }

  #thaw(): void {
    const held = this.#held;
    this.#held = [];
    for (const goOn of held) goOn();
  }
}
