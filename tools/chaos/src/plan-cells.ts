import { freeze, faults, kill, type Fault } from './faults/fault.ts';

export interface Cell {
  readonly app: string;
  readonly fault: Fault;
}

export interface PlanOptions {
  /** The apps of the running level. */
  apps: readonly string[];
  short: boolean;
  /** Whether processes can be told to misbehave; those of production cannot. */
  onDemand: boolean;
  /** None: all. */
  tiers: readonly string[];
  fault: string | undefined;
}

/** From the clients inwards. */
const order = [
  'edge',
  'web-bff',
  'mobile-bff',
  'wearable-bff',
  'order-service',
  'payment-service',
  'shipping-service',
  'redis',
  'postgres',
];
const withFaultsOnDemand = (app: string) => app.endsWith('-service');

/** Which fault happens to which tier, in order. */
export function planCells({ apps, short, onDemand, tiers, fault }: PlanOptions): Cell[] {
  const chosen = order.filter((app) => apps.includes(app) && (tiers.length === 0 || tiers.includes(app)));
  const kinds = faults.filter(
    (candidate) =>
      (fault === undefined || candidate.name === fault) && (!short || [kill, freeze].includes(candidate)),
  );
  return chosen.flatMap((app) =>
    kinds
      .filter((kind) => kind.onDemand === undefined || (onDemand && withFaultsOnDemand(app)))
      .map((kind) => ({ app, fault: kind })),
  );
}
