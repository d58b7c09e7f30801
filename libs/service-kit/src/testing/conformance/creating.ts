import { describe, expect, it } from '@jest/globals';
import type { Resource } from '../../store/resource.ts';
import type { Subject } from '../port-conformance.ts';
import { rejectionOf } from '../rejection-of.ts';

export function describeCreating<T extends Resource>(subject: Subject<T>): void {
  describe('create', () => {
    it("makes the caller's own resource, with an id of its own and a new revision", async () => {
      const first = await subject.create(1);
      const second = await subject.create(1);
      expect(first.customerId).toBe('alice');
      expect(subject.idOf(second)).not.toBe(subject.idOf(first));
      expect(second.revision).toBeGreaterThan(first.revision);
      await expect(subject.get(subject.idOf(first))).resolves.toEqual(first);
      expect((await subject.list({ pageSize: 1 })).items).toEqual([second]);
    });

    it('gives the same answer to the same request under the same key, also after the resource has changed', async () => {
      const first = await subject.create(1, { idempotencyKey: 'same' });
      await subject.transition(subject.idOf(first));
      await expect(subject.create(1, { idempotencyKey: 'same' })).resolves.toEqual(first);
    });

    it('refuses a key that stands for another request', async () => {
      await subject.create(1, { idempotencyKey: 'reused' });
      const reused = subject.create(2, { idempotencyKey: 'reused' });
      await expect(reused).rejects.toMatchObject({ code: 'idempotency_key_reused' });
    });

    it("keeps users' keys apart", async () => {
      const alices = await subject.create(1, { idempotencyKey: 'shared' });
      const bobs = await subject.create(1, { idempotencyKey: 'shared', subject: 'bob' });
      expect(bobs.customerId).toBe('bob');
      expect(subject.idOf(bobs)).not.toBe(subject.idOf(alices));
    });

    it('makes one resource of many concurrent requests with one key, and many of as many keys', async () => {
      const once = await Promise.all(
        Array.from({ length: 20 }, () => subject.create(1, { idempotencyKey: 'at once' })),
      );
      expect(new Set(once.map((resource) => subject.idOf(resource))).size).toBe(1);
      const apart = await Promise.all(
        Array.from({ length: 20 }, (_, index) => subject.create(1, { idempotencyKey: `apart ${index}` })),
      );
      expect(new Set(apart.map((resource) => subject.idOf(resource))).size).toBe(20);
      expect(new Set(apart.map(({ revision }) => revision)).size).toBe(20);
    });

    it('names every fault of an invalid request, makes nothing, and leaves the key free', async () => {
      const before = await subject.list({ pageSize: 1 });
      const invalid = subject.createInvalid({ idempotencyKey: 'mended' });
      await expect(invalid).rejects.toMatchObject({ code: 'invalid_argument' });
      const fields = (await rejectionOf(invalid)).faults.map(({ field }) => field);
      expect(fields).toEqual(subject.invalidFields);
      await expect(subject.list({ pageSize: 1 })).resolves.toEqual(before);
      await expect(subject.create(1, { idempotencyKey: 'mended' })).resolves.toMatchObject({
        customerId: 'alice',
      });
    });

    it('refuses a caller without credentials before it looks at the request', async () => {
      await expect(subject.create(1, { subject: null })).rejects.toMatchObject({ code: 'unauthenticated' });
      await expect(subject.createInvalid({ subject: null })).rejects.toMatchObject({
        code: 'unauthenticated',
      });
    });
  });
}
