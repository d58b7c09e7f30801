import type { ManagedBalancer } from '../balancer.ts';
import { createBalancer } from '../balancer/create-balancer.ts';
import type { Endpoint } from '../endpoint.ts';
import { createPolicy } from '../policy.ts';
import { createRetryBudget } from '../retry/retry-budget.ts';
import type { CreateAdmission } from './admission.ts';
import { Recorder } from './recorder.ts';
import type { InstanceScenario, Scenario } from './scenario.ts';
import { createSeededRandom } from './seeded-random.ts';
import { SimulatedClient } from './simulated-client.ts';
import { SimulatedInstance } from './simulated-instance.ts';
import type { SimulationResult } from './simulation-result.ts';
import { VirtualClock } from './virtual-clock.ts';

/** Calls still open so long after the last arrival are counted as neither. */
const settleMs = 120_000;

export interface RunOptions {
  /** Makes the limiter of instances that have `admission`. Left out: they admit everything. */
  readonly createAdmission?: CreateAdmission;
}

/** Runs the real balancer against modelled instances, under virtual time. The same scenario gives the same result. */
export function runScenario(scenario: Scenario, { createAdmission }: RunOptions = {}): SimulationResult {
  const clock = new VirtualClock();
  const recorder = new Recorder(scenario);
  const policy = createPolicy(scenario.policy);
  // A stream of random numbers each: another picker sees the same arrivals.
  const randomFor = (purpose: number) =>
    createSeededRandom(Math.imul(scenario.seed + 1, 0x9e3779b1) + purpose);
  const balancer = createBalancer({
    endpoints: endpointsAt(scenario.instances, 0),
    policy,
    clock,
    random: randomFor(1),
    onEvent: (event) => recorder.event(event, clock.now()),
  });
  const instances = new Map(
    scenario.instances.map((instance, i) => [
      instance.id,
      new SimulatedInstance(
        instance,
        clock,
        randomFor(100 + i),
        () => instance.admission && createAdmission?.({ clock, tuning: instance.admission }),
      ),
    ]),
  );
  const budget = createRetryBudget({ clock, policy: policy.retry });
  const client = new SimulatedClient({
    scenario,
    clock,
    random: randomFor(2),
    balancer,
    budget,
    policy,
    instances,
    recorder,
  });
  scheduleDiscovery(scenario.instances, balancer, clock);
  scheduleArrivals(scenario, client, clock, randomFor(3));
  clock.runUntil(scenario.durationMs + settleMs);
  balancer.close();
  return recorder.result(balancer.endpoints().reduce((sum, { pending }) => sum + pending, 0));
}

function endpointsAt(instances: readonly InstanceScenario[], now: number): Endpoint[] {
  return instances
    .filter(({ startsAtMs = 0, stopsAtMs = Infinity }) => startsAtMs <= now && now < stopsAtMs)
    .map(({ id, weight }) => ({ id, url: `sim://${id}`, ...(weight !== undefined && { weight }) }));
}

function scheduleDiscovery(
  instances: readonly InstanceScenario[],
  balancer: ManagedBalancer,
  clock: VirtualClock,
) {
  const changes = instances.flatMap(({ startsAtMs, stopsAtMs }) => [startsAtMs, stopsAtMs]);
  for (const at of new Set(changes.filter((change) => change !== undefined && change > 0))) {
    clock.after(at ?? 0, () => balancer.update(endpointsAt(instances, clock.now())));
  }
}

function scheduleArrivals(
  scenario: Scenario,
  client: SimulatedClient,
  clock: VirtualClock,
  random: () => number,
) {
  const { ratePerSecond, surges = [] } = scenario;
  const meanMs = () => {
    const now = clock.now();
    const surge = surges.find(({ fromMs, untilMs }) => fromMs <= now && now < untilMs);
    return 1_000 / (ratePerSecond * (surge?.factor ?? 1));
  };
  const gapMs = scenario.arrivals === 'constant' ? meanMs : () => -Math.log(1 - random()) * meanMs();
  const arriveAfter = (delayMs: number) => {
    if (clock.now() + delayMs >= scenario.durationMs) return;
    clock.after(delayMs, () => {
      // The next arrival first: it does not depend on what becomes of this one.
      arriveAfter(gapMs());
      client.call();
    });
  };
  arriveAfter(gapMs());
}
