import type { ServiceTime } from './scenario.ts';

/** One service time out of the distribution, in milliseconds. */
export function sampleServiceTime(time: ServiceTime, random: () => number): number {
  switch (time.kind) {
    case 'constant':
      return time.ms;
    case 'normal':
      return Math.max(0.1, time.meanMs + time.sdMs * sampleNormal(random));
    case 'lognormal':
      return time.medianMs * Math.exp(time.sigma * sampleNormal(random));
  }
}

/** Box and Muller. */
function sampleNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
