import { parseArgs } from 'node:util';
import { faults, restartAll } from '../faults/fault.ts';
import { tierNames } from '../plan-cells.ts';

const faultNames = [...faults, restartAll].map(({ name }) => name);

export const usage = `npm run chaos [-- OPTIONS]: starts a level, puts it under the load of three clients (up to 200 requests a second, and long-lived
streams), lets every kind of fault happen to every tier, counts every request and every step of the orders that are followed, and
checks the books of the three services afterwards.

  --level N        2, 3 or 4 (default 4); at level 2 it is the control, and requests fail as they must
  --repeats N      how often each fault happens to each tier (default 20; all of it takes one to two hours)
  --rate N         requests a second, all clients together (default 15 per processor core, at most 200)
  --short          the two faults that matter most at every tier, once each, and a rolling restart of everything: about two minutes
  --tier APP       this tier alone; may be given more than once: ${tierNames.join(', ')}
  --fault NAME     this fault alone: ${faultNames.join(', ')}
  --compose        the containers that \`docker compose -f docker/compose.yaml up\` has started, instead of a stack of its
                   own; as root on the machine that they run on, started with RATE_LIMIT_PER_MINUTE=10000000
  --port-base N    first port of the entries (default 18000), so that a running stack is not disturbed
  --json FILE      writes the figures there, too
  --help           this text

Exit status: 0 when no request failed and the books balance (at level 2: when the run itself went well), 1 otherwise,
2 for wrong usage.`;

export interface Arguments {
  level: number;
  repeats: number;
  /** Requests a second. */
  rate: number;
  short: boolean;
  tiers: readonly string[];
  fault: string | undefined;
  compose: boolean;
  portBase: number;
  json: string | undefined;
  help: boolean;
}

/** Wrong usage, in one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * A request costs 9 ms of processor time over all tiers, a purchase 26, each a multiple of that while a process is new, and
 * each start of a process a second and more.
 */
const ratePerCore = 15;
const mostByDefault = 200;

/** `cores`: of this machine, which carries the whole stack and its clients. */
export function readArguments(args: readonly string[], cores: number): Arguments {
  const { values } = parse(args);
  if (values.fault !== undefined) oneOf('--fault', values.fault, faultNames);
  for (const tier of values.tier) oneOf('--tier', tier, tierNames);
  return {
    level: whole('--level', values.level, 2, 4),
    repeats: whole('--repeats', values.repeats ?? (values.short ? '1' : '20'), 1, 1_000),
    rate: whole('--rate', values.rate ?? String(Math.min(mostByDefault, ratePerCore * cores)), 10, 10_000),
    short: values.short,
    tiers: values.tier,
    fault: values.fault,
    compose: values.compose,
    portBase: whole('--port-base', values['port-base'], 1_024, 65_000),
    json: values.json,
    help: values.help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      options: {
        level: { type: 'string', default: '4' },
        repeats: { type: 'string' },
        rate: { type: 'string' },
        short: { type: 'boolean', default: false },
        tier: { type: 'string', multiple: true, default: [] },
        fault: { type: 'string' },
        compose: { type: 'boolean', default: false },
        'port-base': { type: 'string', default: '18000' },
        json: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function oneOf(option: string, text: string, allowed: readonly string[]): void {
  if (!allowed.includes(text)) throw new UsageError(`${option} must be one of ${allowed.join(', ')}.`);
}

function whole(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(
    `${option} must be a whole number from ${String(least)} to ${String(most)}, is "${text}".`,
  );
}
