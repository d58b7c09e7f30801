import { describe, expect, it } from '@jest/globals';
import type { Resource } from '../../store/resource.ts';
import type { Subject } from '../port-conformance.ts';

export function describeWatching<T extends Resource>(subject: Subject<T>): void {
  const newest = async () => (await subject.create(1)).revision;

  describe('watch', () => {
    it('gives what was changed before, from the beginning or after a revision', async () => {
      const all = await subject.watch({ sinceRevision: 0 }, 150);
      expect(all[0]).toMatchObject({ revision: 1, value: { customerId: 'alice', revision: 1 } });
      const revisions = all.map(({ revision }) => revision);
      expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
      const resumed = await subject.watch({ sinceRevision: revisions[99]! }, 50);
      expect(resumed).toEqual(all.slice(100));
    });

    it('gives changes as they happen, each as it was after the change', async () => {
      const sinceRevision = await newest();
      const watched = subject.watch({ sinceRevision }, 2);
      const made = await subject.create(1);
      const moved = await subject.transition(subject.idOf(made));
      await expect(watched).resolves.toEqual([
        { revision: made.revision, value: made },
        { revision: moved.revision, value: moved },
      ]);
    });

    it("never shows another's changes to a user, but does to support", async () => {
      const sinceRevision = await newest();
      const bobs = await subject.create(1, { subject: 'bob' });
      const alices = await subject.create(1);
      const [first] = await subject.watch({ sinceRevision }, 1);
      expect(first?.revision).toBe(alices.revision);
      const [asked] = await subject.watch({ sinceRevision, customerId: 'bob' }, 1, {
        subject: 'sam',
        roles: ['support'],
      });
      expect(asked?.revision).toBe(bobs.revision);
    });

    it('narrows by order ids', async () => {
      const [change] = await subject.watch({ sinceRevision: 0, orderIds: ['ord_0009', 'ord_0011'] }, 1);
      expect(change?.value).toMatchObject({ orderId: 'ord_0009' });
    });

    it('ends with the call', async () => {
      const sinceRevision = await newest();
      const ended = subject.watch({ sinceRevision, customerId: 'bob' }, 1, { timeoutMs: 300 });
      await expect(ended).rejects.toBeInstanceOf(Error);
    });

    it('refuses a caller without credentials and a revision that is none', async () => {
      await expect(subject.watch({ sinceRevision: 0 }, 1, { subject: null })).rejects.toMatchObject({
        code: 'unauthenticated',
      });
      await expect(subject.watch({ sinceRevision: -5 }, 1)).rejects.toMatchObject({
        code: 'invalid_argument',
      });
    });
  });
}
