import type { Policy } from './policy.ts';

const shares = [
  'ejection.minSuccessRate',
  'ejection.jitter',
  'ejection.maxEjectedShare',
  'ejection.panicBelow',
  'slowStart.minShare',
  'retry.budgetShare',
  'healthCheck.jitter',
];
const positive = [
  'load.decayMs',
  'load.scanUpTo',
  'ejection.consecutiveFailures',
  'ejection.minResults',
  'ejection.baseMs',
  'slowStart.minShare',
  'slowness.factor',
  'affinity.boundedLoad',
  'healthCheck.intervalMs',
  'healthCheck.doubtIntervalMs',
  'healthCheck.timeoutMs',
  'healthCheck.fall',
  'healthCheck.rise',
];

/** Throws an Error that names the first value that makes no sense, and says what would. */
export function checkPolicy(policy: Policy): void {
  for (const [section, values] of Object.entries(policy)) {
    if (typeof values === 'string') continue;
    for (const [name, value] of Object.entries(values as Record<string, number>)) {
      const path = `${section}.${name}`;
      const wrong =
        !(value >= 0) || (shares.includes(path) && value > 1) || (positive.includes(path) && value === 0);
      if (wrong) throw new Error(`The balancing policy's ${path} cannot be ${value}: ${expectation(path)}.`);
    }
  }
}

function expectation(path: string): string {
  if (shares.includes(path)) return 'give a share between 0 and 1';
  return positive.includes(path) ? 'give a number above 0' : 'give a number of 0 or more';
}
