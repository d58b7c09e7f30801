import type { SimulatedSecond } from '@bff/load-balancing/simulator';
import type { Column } from '../run/run-plan.ts';

/** The seconds in which calls came; what is answered afterwards belongs to the figures, not to the plot. */
export function secondsOf({ shown, scenario }: Column): readonly SimulatedSecond[] {
  return shown.result.timeline.filter(({ second }) => second * 1_000 < scenario.durationMs);
}

/** In the middle of the second for which it stands. */
export function middleOf({ second }: { readonly second: number }): number {
  return second + 0.5;
}
