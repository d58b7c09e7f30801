import { describe, expect, it } from '@jest/globals';
import type { Resource } from '../../store/resource.ts';
import type { Subject } from '../port-conformance.ts';

const sam = { subject: 'sam', roles: ['support'] };

export function describeListing<T extends Resource>(subject: Subject<T>): void {
  const ids = (items: readonly T[]) => items.map((item) => subject.idOf(item));

  describe('list', () => {
    it("gives the user's own, newest first, 20 to a page unless asked otherwise and 100 at most", async () => {
      const { items, nextPageToken } = await subject.list({});
      expect(items).toHaveLength(20);
      expect(nextPageToken).toBeDefined();
      expect(new Set(items.map(({ customerId }) => customerId))).toEqual(new Set(['alice']));
      const times = items.map(({ createTime }) => createTime.getTime());
      expect(times).toEqual([...times].sort((a, b) => b - a));
      expect((await subject.list({ pageSize: 150 })).items).toHaveLength(100);
      expect((await subject.list({ pageSize: 3 })).items).toHaveLength(3);
    });

    it('gives every resource once over all pages, also when new ones are made meanwhile', async () => {
      const before = ids((await subject.list({ pageSize: 100 }, { subject: 'bob' })).items);
      expect(before.length).toBeGreaterThan(50);
      const seen: string[] = [];
      let pageToken: string | undefined;
      do {
        const page = await subject.list({ pageSize: 7, pageToken }, { subject: 'bob' });
        seen.push(...ids(page.items));
        pageToken = page.nextPageToken;
        if (seen.length === 14) await subject.create(99, { subject: 'bob' });
      } while (pageToken !== undefined);
      expect(seen).toEqual(before);
    });

    it('gives a customer without any an empty last page', async () => {
      await expect(subject.list({}, { subject: 'carol' })).resolves.toEqual({
        items: [],
        nextPageToken: undefined,
      });
    });

    it('answers a list by order ids whole, and only with what the caller may see', async () => {
      const orderIds = Array.from({ length: 60 }, (_, index) => `ord_${String(index + 1).padStart(4, '0')}`);
      const { items, nextPageToken } = await subject.list({ orderIds }, sam);
      expect(nextPageToken).toBeUndefined();
      expect(items.length).toBeGreaterThan(40);
      expect(items.every(({ orderId }) => orderIds.includes(orderId))).toBe(true);
      const own = await subject.list({ orderIds: ['ord_0001', 'ord_0011', 'ord_9999'] });
      expect(own.items.map(({ orderId }) => orderId)).toEqual(['ord_0001']);
    });

    it('narrows by status', async () => {
      const { status, orderId } = await subject.get(subject.alices);
      const { items } = await subject.list({ status, pageSize: 100 });
      expect(items.length).toBeGreaterThan(10);
      expect(new Set(items.map((item) => item.status))).toEqual(new Set([status]));
      const both = await subject.list({ status, orderIds: [orderId, 'ord_0003'] });
      expect(ids(both.items)).toEqual([subject.alices]);
    });

    it("gives an empty page for another customer's id, and support just that customer's", async () => {
      await expect(subject.list({ customerId: 'bob' })).resolves.toMatchObject({ items: [] });
      const { items } = await subject.list({ customerId: 'bob', pageSize: 100 }, sam);
      expect(new Set(items.map(({ customerId }) => customerId))).toEqual(new Set(['bob']));
      const all = await subject.list({ pageSize: 100 }, sam);
      expect(new Set(all.items.map(({ customerId }) => customerId))).toEqual(new Set(['alice', 'bob']));
    });
  });

  describe('list refuses', () => {
    const refused = (fields: string[]) => ({
      code: 'invalid_argument',
      faults: fields.map((field) => expect.objectContaining({ field })),
    });

    it('a negative page size', async () => {
      await expect(subject.list({ pageSize: -1 })).rejects.toMatchObject(refused(['pageSize']));
    });

    it('a page token that is garbage or belongs to another list', async () => {
      const { nextPageToken } = await subject.list({ pageSize: 2 });
      expect((await subject.list({ pageSize: 5, pageToken: nextPageToken })).items).toHaveLength(5);
      for (const pageToken of ['x', '__proto__', `${nextPageToken ?? ''}A`, 'MTAuYWJj']) {
        await expect(subject.list({ pageToken })).rejects.toMatchObject(refused(['pageToken']));
      }
      const otherList = subject.list({ pageToken: nextPageToken, customerId: 'alice' });
      await expect(otherList).rejects.toMatchObject(refused(['pageToken']));
    });

    it('more than 500 order ids', async () => {
      const orderIds = Array.from({ length: 501 }, (_, index) => `o${index}`);
      await expect(subject.list({ orderIds })).rejects.toMatchObject(refused(['orderIds']));
      await expect(subject.list({ orderIds: orderIds.slice(1) })).resolves.toMatchObject({ items: [] });
    });

    it('a caller without credentials', async () => {
      await expect(subject.list({}, { subject: null })).rejects.toMatchObject({ code: 'unauthenticated' });
    });
  });
}
