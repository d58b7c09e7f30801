import { afterEach, beforeEach, describe } from '@jest/globals';
import { describeEntries } from './conformance/entries.ts';
import { describeLeases } from './conformance/leases.ts';
import { describeListsAndCounters } from './conformance/lists-and-counters.ts';
import { describeMessages } from './conformance/messages.ts';
import type { StoreHarness, StoreSubject } from './conformance/store-subject.ts';

/** Every store behaves like this; run over SQLite and over Redis. */
export function describeStore(name: string, createHarness: () => Promise<StoreHarness>): void {
  describe(`${name} as a key-value store`, () => {
    let present: StoreSubject;
    beforeEach(async () => {
      const harness = await createHarness();
      present = { harness, one: await harness.open(), two: await harness.open() };
    });
    afterEach(() => present.harness.dispose());

    const subject = () => present;
    describeEntries(subject);
    describeListsAndCounters(subject);
    describeLeases(subject);
    describeMessages(subject);
  });
}
