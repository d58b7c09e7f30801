import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { createPolicy, defaultPolicy } from './policy.ts';
import { policyReference } from './policy-reference.ts';

describe('createPolicy', () => {
  it('is the default where nothing is said', () => {
    expect(createPolicy()).toEqual(defaultPolicy);
    expect(createPolicy({ ejection: { baseMs: 5 } }).ejection).toEqual({
      ...defaultPolicy.ejection,
      baseMs: 5,
    });
  });

  it.each([
    [
      { ejection: { minSuccessRate: 1.2 } },
      'ejection.minSuccessRate cannot be 1.2: give a share between 0 and 1',
    ],
    [{ load: { decayMs: 0 } }, 'load.decayMs cannot be 0: give a number above 0'],
    [{ slowness: { forMs: -1 } }, 'slowness.forMs cannot be -1: give a number of 0 or more'],
    [{ retry: { budgetShare: NaN } }, 'retry.budgetShare cannot be NaN'],
  ])('refuses %j and says what is wrong', (overrides, message) => {
    expect(() => createPolicy(overrides)).toThrow(message);
  });
});

describe('the README', () => {
  it('has a row for every value of the policy, with its default, reason and source', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const cells = (line: string) => line.split('|').map((cell) => cell.trim());
    const rows = readme.split('\n').map((line) => cells(line).slice(1, -1));
    const expected = policyReference.map(({ name, value, reason, source }) => [
      `\`${name}\``,
      `${value}`,
      reason,
      source,
    ]);
    expect(rows.filter(([name]) => name?.match(/^`\w+\.\w+`$/))).toEqual(expected);
  });
});
