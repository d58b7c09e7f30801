import type { EndpointState } from '../endpoint-state.ts';

/**
 * Who may get a further attempt of a call, best first: one that it has not tried and that works; one that it has not
 * tried; one that was only slow or broken, since a second attempt there is better than none; and last those that do not
 * even accept connections, of which none can answer.
 */
export function bestForAnotherAttempt(
  candidates: readonly EndpointState[],
  tried: ReadonlySet<string>,
): readonly EndpointState[] {
  const listening = candidates.filter(({ refusing }) => !refusing);
  const among = listening.length > 0 ? listening : candidates;
  const untried = among.filter(({ endpoint }) => !tried.has(endpoint.id));
  // A call that has failed once is not sent where all fail and nobody may be ejected any more.
  const sound = untried.filter(({ condemned }) => !condemned);
  if (sound.length > 0) return sound;
  return untried.length > 0 ? untried : among;
}
