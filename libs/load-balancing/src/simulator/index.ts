export type { Admission, AdmissionPermit, AdmissionRefusal, CreateAdmission } from './admission.ts';
export { percentilesOf, type Percentiles } from './percentiles.ts';
export { runScenario, type RunOptions } from './run-scenario.ts';
export type { Fault, InstanceScenario, RetryScenario, Scenario, ServiceTime, Surge } from './scenario.ts';
export { createSeededRandom } from './seeded-random.ts';
export type { SimulatedEjection, SimulatedSecond, SimulationResult } from './simulation-result.ts';
export { VirtualClock } from './virtual-clock.ts';
