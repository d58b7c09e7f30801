import { describe, expect, it } from '@jest/globals';
import { catalogue } from './catalogue.ts';

describe('the catalogue of attacks', () => {
  it('has at least 500, each under a name of its own', () => {
    const names = catalogue.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([]);
    expect(names.length).toBeGreaterThanOrEqual(500);
  });
});
