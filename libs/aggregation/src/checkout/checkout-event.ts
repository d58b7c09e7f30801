import type { AppError } from '@bff/core';

/** What happens on the way of one piece of work. `id` is a hash: it names nobody. */
export type CheckoutEvent =
  | {
      readonly kind: 'began' | 'resumed' | 'finished' | 'lease_lost';
      readonly work: Work;
      readonly id: string;
    }
  | {
      readonly kind: 'step_done' | 'undo_done';
      readonly work: Work;
      readonly id: string;
      readonly step: string;
    }
  | {
      readonly kind: 'step_failed' | 'undo_failed';
      readonly work: Work;
      readonly id: string;
      readonly step: string;
      readonly error: AppError;
    }
  /** Everything that was done so far is being undone. */
  | { readonly kind: 'turned_back'; readonly work: Work; readonly id: string; readonly error: AppError }
  | { readonly kind: 'interrupted'; readonly work: Work; readonly id: string; readonly error: AppError }
  | { readonly kind: 'recovery_failed'; readonly error: AppError };

export type Work = 'checkout' | 'cancel';
