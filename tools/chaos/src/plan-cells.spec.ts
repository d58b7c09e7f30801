import { describe, expect, it } from '@jest/globals';
import { readArguments, UsageError } from './command/read-arguments.ts';
import { planCells } from './plan-cells.ts';

const apps = ['identity-provider', 'order-service', 'web-bff', 'edge'];
const names = (cells: ReturnType<typeof planCells>) => cells.map(({ app, fault }) => `${app}: ${fault.name}`);

describe('the plan of a run', () => {
  it('lets every fault happen to every tier, from the clients inwards; faults on demand where there are some', () => {
    const planned = names(planCells({ apps, short: false, onDemand: true, tiers: [], fault: undefined }));
    expect(planned).toHaveLength(4 + 4 + 7);
    expect(planned[0]).toBe('edge: kill -9');
    expect(planned.at(-1)).toBe('order-service: black hole');
  });

  it('is two faults a tier in short, and what was asked for otherwise', () => {
    expect(planCells({ apps, short: true, onDemand: true, tiers: [], fault: undefined })).toHaveLength(6);
    expect(
      names(planCells({ apps, short: false, onDemand: true, tiers: ['web-bff'], fault: 'freeze' })),
    ).toEqual(['web-bff: freeze']);
  });
});

describe('the arguments', () => {
  it.each([
    [['--level', '1'], '--level must be a whole number from 2 to 4, is "1".'],
    [['--repeats', 'many'], '--repeats must be a whole number from 1 to 1000, is "many".'],
    [['--fault', 'flood'], '--fault must be one of kill -9, freeze'],
    [['--tires', 'web-bff'], "Unknown option '--tires'"],
  ])('%j are refused by name', (args, message) => {
    expect(() => readArguments(args)).toThrow(UsageError);
    expect(() => readArguments(args)).toThrow(message);
  });

  it('mean level 4, twenty times each, unless they say otherwise', () => {
    expect(readArguments([])).toMatchObject({ level: 4, repeats: 20, tiers: [], short: false });
    expect(readArguments(['--short'])).toMatchObject({ repeats: 2 });
  });
});
