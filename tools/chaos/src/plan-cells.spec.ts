import { describe, expect, it } from '@jest/globals';
import { readArguments, UsageError } from './command/read-arguments.ts';
import { planCells } from './plan-cells.ts';

const apps = ['identity-provider', 'order-service', 'web-bff', 'edge'];
const names = (cells: ReturnType<typeof planCells>) => cells.map(({ app, fault }) => `${app}: ${fault.name}`);
const plan = { apps, short: false, repeats: 20, tiers: [], fault: undefined, onDemand: true };

describe('the plan of a run', () => {
  it('lets every fault happen to every tier, from the clients inwards, then to the issuer, then to all', () => {
    const planned = names(planCells(plan));
    expect(planned).toHaveLength(3 * 7 + 2 + 1);
    expect(planned[0]).toBe('edge: kill -9');
    expect(planned).toContain('edge: black hole');
    expect(planned.slice(-3)).toEqual([
      'identity-provider: kill -9',
      'identity-provider: freeze',
      'all: rolling restart',
    ]);
  });

  it('is two faults a tier in short, and what was asked for otherwise', () => {
    expect(planCells({ ...plan, short: true, repeats: 1 })).toHaveLength(3 * 2 + 1 + 1);
    expect(names(planCells({ ...plan, tiers: ['web-bff'], fault: 'freeze' }))).toEqual(['web-bff: freeze']);
    expect(names(planCells({ ...plan, tiers: ['all'] }))).toEqual(['all: rolling restart']);
  });
});

describe('the arguments', () => {
  it.each([
    [['--level', '1'], '--level must be a whole number from 2 to 4, is "1".'],
    [['--repeats', 'many'], '--repeats must be a whole number from 1 to 1000, is "many".'],
    [['--fault', 'flood'], '--fault must be one of kill -9, freeze'],
    [['--tier', 'web'], '--tier must be one of edge, web-bff'],
    [['--tires', 'web-bff'], "Unknown option '--tires'"],
  ])('%j are refused by name', (args, message) => {
    expect(() => readArguments(args, 2)).toThrow(UsageError);
    expect(() => readArguments(args, 2)).toThrow(message);
  });

  it('mean level 4, twenty times each, as many requests as this machine carries, unless they say otherwise', () => {
    expect(readArguments([], 2)).toMatchObject({ level: 4, repeats: 20, rate: 30, tiers: [], short: false });
    expect(readArguments(['--short'], 16)).toMatchObject({ repeats: 1, rate: 200 });
  });
});
