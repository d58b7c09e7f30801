import { describe, expect, it } from '@jest/globals';
import type { Resource } from '../../store/resource.ts';
import type { Subject } from '../port-conformance.ts';
import { rejectionOf } from '../rejection-of.ts';

export function describeReading<T extends Resource>(subject: Subject<T>): void {
  describe('get', () => {
    it('gives a user what is his own', async () => {
      const resource = await subject.get(subject.alices);
      expect(subject.idOf(resource)).toBe(subject.alices);
      expect(resource).toMatchObject({ customerId: 'alice', orderId: 'ord_0001', revision: 1 });
      expect(resource.createTime).toBeInstanceOf(Date);
    });

    it("does not tell another's resource from one that does not exist", async () => {
      const missing = subject.get(`${subject.alices}9999`);
      await expect(missing).rejects.toMatchObject({ code: 'not_found' });
      const { message } = await rejectionOf(missing);
      await expect(subject.get(subject.bobs)).rejects.toMatchObject({ code: 'not_found', message });
      await expect(subject.get('constructor')).rejects.toMatchObject({ code: 'not_found', message });
    });

    it("gives support anybody's", async () => {
      const sam = { subject: 'sam', roles: ['support'] };
      await expect(subject.get(subject.bobs, sam)).resolves.toMatchObject({ customerId: 'bob' });
    });

    it('refuses a caller without credentials', async () => {
      await expect(subject.get(subject.alices, { subject: null })).rejects.toMatchObject({
        code: 'unauthenticated',
      });
    });
  });
}
