import type { Clock } from '@bff/core';
import type { ProcessPlan } from '../topology/process-plan.ts';

/** `/info` of a process that balances. */
interface Info {
  upstreams?: Record<string, { url: string; state: string }[]>;
}

const pauseMs = 50;
/** A process in front that is down itself is not waited for any longer. */
const limitMs = 5_000;

/** Resolves when everybody in front of `plan` sends it traffic: until then, ending another one could leave nobody. */
export async function untilInUse(
  plan: ProcessPlan,
  plans: readonly ProcessPlan[],
  clock: Clock,
): Promise<void> {
  const inFront = plans.filter(({ tier }) => tier.fronts.some(({ apps }) => apps.includes(plan.tier.app)));
  await Promise.all(inFront.map((other) => untilUsedBy(other, plan, clock)));
}

async function untilUsedBy(front: ProcessPlan, plan: ProcessPlan, clock: Clock): Promise<void> {
  const giveUpAt = clock.now() + limitMs;
  const addresses = [plan.url, `grpc://${plan.grpc ?? ''}`];
  while (clock.now() < giveUpAt) {
    const instances = await instancesSeenBy(front, plan.tier.app);
    if (instances.some(({ url, state }) => addresses.includes(url) && state === 'available')) return;
    await new Promise<void>((resolve) => void clock.after(pauseMs, resolve));
  }
}

async function instancesSeenBy({ admin }: ProcessPlan, app: string) {
  try {
    const response = await fetch(`${admin}/info`, { signal: AbortSignal.timeout(1_000) });
    return ((await response.json()) as Info).upstreams?.[app] ?? [];
  } catch {
    return [];
  }
}
