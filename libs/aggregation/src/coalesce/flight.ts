import { AppError, Deadline, untilEnded, type Clock, type Context } from '@bff/core';

/** The longest deadline of all who wait. */
class SharedDeadline extends Deadline {
  extend(other: Deadline): void {
    // The one place where a deadline moves: nobody else has a flight's.
    if (other.at > this.at) (this as { at: number }).at = other.at;
  }
}

export interface FlightOptions<Res> {
  /** Makes the call. */
  start: (context: Context) => Promise<Res>;
  /** The first who asked. */
  leader: Context;
  clock: Clock;
  /** Called once, when the call is over and nobody may join any more. */
  onEnd: () => void;
}

/**
 * One call that several callers wait for. It has a context of its own, so the caller who began it may leave like any
 * other; the last one to leave cancels it.
 */
export class Flight<Res> {
  readonly leader: Context;
  readonly #controller = new AbortController();
  readonly #deadline: SharedDeadline;
  /** Until when the call was allowed to take as it began; what is told to a service then cannot be changed. */
  readonly #askedUntil: number;
  readonly #result: Promise<Res>;
  readonly #onEnd: () => void;
  #members = 0;
  #ended = false;

  constructor({ start, leader, clock, onEnd }: FlightOptions<Res>) {
    this.leader = leader;
    this.#onEnd = onEnd;
    this.#askedUntil = leader.deadline.at;
    this.#deadline = new SharedDeadline(leader.deadline.at, clock);
    const context = { ...leader, signal: this.#controller.signal, deadline: this.#deadline };
    this.#result = this.#run(start, context);
  }

  /** Waits for the answer, but no longer than `context` lasts. */
  async join(context: Context): Promise<Res> {
    this.#members++;
    this.#deadline.extend(context.deadline);
    try {
      return await untilEnded(this.#result, context.signal);
    } finally {
      this.#members--;
      if (this.#members === 0 && !this.#ended) {
        this.#end();
        this.#controller.abort(new AppError('cancelled', 'Nobody waits for the answer any more.'));
      }
    }
  }

  /** The call ran out of time that this member still has: it was begun by somebody in a greater hurry. */
  failedTooSoonFor(context: Context, thrown: unknown): boolean {
    return (
      AppError.from(thrown).code === 'deadline_exceeded' &&
      !context.signal.aborted &&
      !context.deadline.expired &&
      context.deadline.at > this.#askedUntil
    );
  }

  async #run(start: FlightOptions<Res>['start'], context: Context): Promise<Res> {
    try {
      // One that fails at once, too, ends only after this flight stands in the table: it would stay there for ever.
      return await (async () => start(context))();
    } finally {
      this.#end();
    }
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd();
  }
}
