export { percentilesOf, type Percentiles } from './percentiles.ts';
export type { SimulatedEjection, SimulatedSecond, SimulationResult } from './recorder.ts';
export { runScenario } from './run-scenario.ts';
export type { Fault, InstanceScenario, RetryScenario, Scenario, ServiceTime } from './scenario.ts';
export { createSeededRandom } from './seeded-random.ts';
export { VirtualClock } from './virtual-clock.ts';
