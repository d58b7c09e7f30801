import type { Address, Money } from '@bff/contracts';
import { AppError, type FieldFault } from '@bff/core';

/** Collects every fault of a request, so that the caller can mend them all at once. */
export class FaultList {
  readonly #faults: FieldFault[] = [];

  add(field: string, message: string): void {
    this.#faults.push({ field, message });
  }

  /** Something to read: not blank, at most `max` characters (200). */
  text(field: string, value: string, max = 200): void {
    if (value.trim() === '') this.add(field, 'must not be empty');
    else if (value.length > max) this.add(field, `must have at most ${String(max)} characters`);
  }

  wholeNumber(
    field: string,
    value: number,
    { min, max = Number.MAX_SAFE_INTEGER }: { min: number; max?: number },
  ): void {
    if (Number.isSafeInteger(value) && value >= min && value <= max) return;
    const upTo =
      max === Number.MAX_SAFE_INTEGER ? `of ${String(min)} or more` : `from ${String(min)} to ${String(max)}`;
    this.add(field, `must be a whole number ${upTo}`);
  }

  /** An ISO 4217 code and an amount from `min` to ten million (in units of a hundredth). */
  money(field: string, { currency, minorUnits }: Money, min = 0): void {
    if (!/^[A-Z]{3}$/.test(currency)) this.add(`${field}.currency`, 'must be an ISO 4217 code such as EUR');
    this.wholeNumber(`${field}.minorUnits`, minorUnits, { min, max: 1_000_000_000 });
  }

  address(field: string, { country, ...lines }: Address): void {
    for (const [name, value] of Object.entries(lines)) this.text(`${field}.${name}`, value);
    if (!/^[A-Z]{2}$/.test(country)) this.add(`${field}.country`, 'must be an ISO 3166-1 code such as NL');
  }

  /** Throws `invalid_argument` with every fault found. */
  throwIfAny(message: string): void {
    if (this.#faults.length > 0) throw new AppError('invalid_argument', message, { faults: this.#faults });
  }
}
