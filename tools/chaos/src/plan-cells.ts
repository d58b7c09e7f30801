import { faults, freeze, kill, restartAll, type Fault } from './faults/fault.ts';

/** One fault at one tier, so many times. */
export interface Cell {
  readonly app: string;
  readonly fault: Fault;
  readonly repeats: number;
}

export interface PlanOptions {
  /** The apps of the running level. */
  apps: readonly string[];
  short: boolean;
  repeats: number;
  /** None: all. */
  tiers: readonly string[];
  fault: string | undefined;
  /** Whether the processes take faults on demand. */
  onDemand: boolean;
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
/** Tokens that were issued go on working without it. */
const issuer = 'identity-provider';
/** What stands in the table where a fault happens to all processes. */
export const everything = 'all';

/** What may be chosen. */
export const tierNames: readonly string[] = [...order, issuer, everything];

/** A pass over everything takes about a minute. */
const mostPasses = 2;

/** Which fault happens to which tier, in order. */
export function planCells({ apps, short, repeats, tiers, fault, onDemand }: PlanOptions): Cell[] {
  const kinds = short ? [kill, freeze] : faults.filter((kind) => onDemand || !kind.onDemand);
  const cells = [
    ...order
      .filter((app) => apps.includes(app))
      .flatMap((app) => kinds.map((kind) => ({ app, fault: kind, repeats }))),
    ...(short ? [kill] : [kill, freeze]).map((kind) => ({ app: issuer, fault: kind, repeats })),
    { app: everything, fault: restartAll, repeats: Math.min(repeats, short ? 1 : mostPasses) },
  ];
  return cells.filter(
    (cell) =>
      (tiers.length === 0 || tiers.includes(cell.app)) && (fault === undefined || cell.fault.name === fault),
  );
}
