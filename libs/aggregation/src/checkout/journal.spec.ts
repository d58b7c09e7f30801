import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '@bff/core/testing';
import { createMemoryStore } from '../testing/memory-store.ts';
import type { CancelEntry } from './checkout-entry.ts';
import { checkoutTimes } from './checkout-times.ts';
import type { Claim } from './claim.ts';
import { createSealer } from './create-sealer.ts';
import { Journal } from './journal.ts';

const entry: CancelEntry = {
  state: 'cancelling',
  actingFor: { subject: 'alice', client: 'web', scopes: [] },
  orderId: 'ord_1',
};

/** Two instances over one store, the first of which can be frozen: its leases run out while it does nothing. */
function openTwo() {
  const clock = createManualClock();
  const store = createMemoryStore(clock);
  const life = { frozen: false };
  const sealer = createSealer([new Uint8Array(32).fill(7)]);
  const open = (isAlive: () => boolean) =>
    new Journal({ store: store.open(isAlive), sealer, times: checkoutTimes });
  return { clock, life, first: open(() => !life.frozen), second: open(() => true) };
}

const claimed = async (claim: Promise<Claim | undefined>): Promise<Claim> => {
  const mine = await claim;
  if (!mine) throw new Error('Somebody else has it.');
  return mine;
};

const listed = async (journal: Journal) => {
  const open = [];
  for await (const work of journal.listOpen()) open.push(work);
  return open;
};

describe('the index of unfinished work', () => {
  it('names what has begun, and no longer what is at its end', async () => {
    const { first, second } = openTwo();
    const claim = await claimed(first.claim('w'));
    await claim.save(entry);
    expect(await listed(second)).toMatchObject([{ id: 'w', tries: 0, notBefore: 0 }]);
    await claim.postpone({ tries: 1, notBefore: 5 });
    expect(await listed(second)).toMatchObject([{ id: 'w', tries: 1, notBefore: 5 }]);
    await claim.remove();
    expect(await listed(second)).toEqual([]);
  });

  it('loses what its holder left there as he died between his last two writes', async () => {
    const { clock, life, first, second } = openTwo();
    await (await claimed(first.claim('w'))).save(entry);
    life.frozen = true;
    await clock.advance(2 * checkoutTimes.leaseMs);
    const [seen] = await listed(second);
    const recovery = await claimed(second.claim('w', seen!.version));
    await recovery.leaveIndex();
    expect(await listed(second)).toEqual([]);
  });

  it('keeps what another has begun anew while whoever saw the old work was frozen', async () => {
    const { clock, life, first, second } = openTwo();
    const done = await claimed(second.claim('w'));
    await done.save(entry);
    const [seen] = await listed(first);
    await done.remove();
    await done.release();

    // It looks, finds nothing to recover any more, and is frozen before it takes that out of the index.
    const late = await claimed(first.claim('w', seen!.version));
    life.frozen = true;
    await clock.advance(2 * checkoutTimes.leaseMs);
    const anew = await claimed(second.claim('w'));
    await anew.save(entry);
    await late.leaveIndex();
    expect(await listed(second)).toMatchObject([{ id: 'w' }]);
    await anew.remove();
    expect(await listed(second)).toEqual([]);
  });

  it('keeps what another has taken over when the former holder believes to have finished it', async () => {
    const { clock, life, first, second } = openTwo();
    const late = await claimed(first.claim('w'));
    await late.save(entry);
    life.frozen = true;
    await clock.advance(2 * checkoutTimes.leaseMs);
    const taken = await claimed(second.claim('w'));
    await taken.save(entry);
    // The last word in the index is his, the work is not.
    await late.postpone({ tries: 1, notBefore: 0 });
    await late.remove();
    expect(await listed(second)).toMatchObject([{ id: 'w' }]);
    expect(await second.read('w')).toEqual(entry);
  });
});
