import { steps, type OrderUpdate } from './order-stream.ts';

export interface StepFindings {
  /** Steps that were not shown. */
  readonly missed: readonly string[];
  /** Steps that were shown again, or after a later one. */
  readonly repeated: readonly string[];
}

/** What a client was shown of one order, over all its streams. */
export class FollowedOrder {
  readonly orderId: string;
  readonly #tellsEveryStep: boolean;
  readonly #cursors = new Set<string>();
  readonly #missed: string[] = [];
  readonly #repeated: string[] = [];
  #reached = -1;
  #cursor: string | undefined;

  constructor(orderId: string, tellsEveryStep: boolean) {
    this.orderId = orderId;
    this.#tellsEveryStep = tellsEveryStep;
  }

  /** Where to go on from. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  get isDelivered(): boolean {
    return this.#reached === steps.length - 1;
  }

  show({ cursor, step, isStep }: OrderUpdate): void {
    const said = `${this.orderId} ${step ?? 'without a shipment'} at ${cursor}`;
    if (this.#cursors.has(cursor)) this.#repeated.push(said);
    this.#cursors.add(cursor);
    this.#cursor = cursor;
    const position = step === undefined ? -1 : steps.indexOf(step);
    const isFirst = this.#cursors.size === 1;
    if (this.#tellsEveryStep && !isFirst && isStep) {
      // A shipment that is made on hold and then released changes without a step.
      const isReleased = position === 0 && this.#reached === 0;
      if (position <= this.#reached && !isReleased) this.#repeated.push(said);
      for (const missing of steps.slice(this.#reached + 1, position))
        this.#missed.push(`${this.orderId} ${missing}`);
    } else if (step !== undefined && position < this.#reached) {
      this.#repeated.push(said);
    }
    this.#reached = Math.max(this.#reached, position);
  }

  /** When every step has had its time. */
  findings(): StepFindings {
    const unseen = steps.slice(this.#reached + 1).map((step) => `${this.orderId} ${step}, never`);
    return { missed: [...this.#missed, ...unseen], repeated: this.#repeated };
  }
}
