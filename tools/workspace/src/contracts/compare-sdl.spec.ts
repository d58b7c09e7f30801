import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findBreakingSdlChanges } from './compare-sdl.ts';

const mobile = resolve(import.meta.dirname, '../../../../apps/mobile-bff');
const current = readFileSync(`${mobile}/src/schema/schema.graphql`, 'utf8');
const baseline = readFileSync(`${mobile}/schema.baseline.graphql`, 'utf8');
const change = (from: string | RegExp, to: string) => {
  const changed = current.replace(from, to);
  expect(changed).not.toBe(current);
  return findBreakingSdlChanges(current, changed);
};

describe('a change of the SDL', () => {
  it.each([
    ['a field that is gone', '  lastFour: String!\n', ''],
    ['a field that may be null now', 'lastFour: String!', 'lastFour: String'],
    [
      'an argument that must be given now',
      'orderUpdated(id: ID!, after: String)',
      'orderUpdated(id: ID!, after: String!)',
    ],
    [
      'a field of an input that must be given now',
      'input CancelOrderInput {',
      'input CancelOrderInput {\n  reason: String!',
    ],
    ['a value that is gone', '  VOIDED\n', ''],
    ['an interface that is gone', 'type Order implements Node', 'type Order'],
  ])('breaks clients: %s', async (_what, from, to) => {
    expect(await change(from, to)).toHaveLength(1);
  });

  it.each([
    ['a new field', 'lastFour: String!', 'lastFour: String!\n  expires: String'],
    ['a field that is never null any more', 'latestEvent: ShipmentEvent', 'latestEvent: ShipmentEvent!'],
    ['an argument that may be given', 'order(id: ID!): Order', 'order(id: ID!, locale: String): Order'],
    ['another description', 'ISO 4217.', 'As ISO 4217 has it.'],
  ])('breaks none: %s', async (_what, from, to) => {
    expect(await change(from, to)).toEqual([]);
  });

  it('of mobile-bff since its baseline breaks no client', async () => {
    expect(await findBreakingSdlChanges(baseline, current)).toEqual([]);
  });
});
