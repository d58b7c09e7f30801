import { createConcurrencyLimiter, priorities } from '@bff/admission';
import { AppError } from '@bff/core';
import type { CreateAdmission } from '@bff/load-balancing/simulator';

/** The limiter that gateway and BFFs have, in front of a simulated instance. */
export const createAdmission: CreateAdmission = ({ clock, tuning }) => {
  const limiter = createConcurrencyLimiter({ clock, ...tuning });
  return {
    acquire(name) {
      const priority = priorities.find((known) => known === name) ?? 'normal';
      try {
        return limiter.acquire(priority);
      } catch (thrown) {
        return { retryAfterMs: AppError.from(thrown).retryAfterMs };
      }
    },
  };
};
