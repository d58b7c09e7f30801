import { describe, expect, it } from '@jest/globals';
import type { Resource } from '../../store/resource.ts';
import type { Subject } from '../port-conformance.ts';
import { rejectionOf } from '../rejection-of.ts';

export function describeWithdrawing<T extends Resource>(subject: Subject<T>): void {
  describe('withdraw by key', () => {
    it('undoes what was made under the key, once, and gives it each time', async () => {
      const made = await subject.create(1, { idempotencyKey: 'regretted' });
      const withdrawn = await subject.withdraw('regretted');
      expect(withdrawn?.status).toBe(subject.withdrawnTo);
      expect(withdrawn && subject.idOf(withdrawn)).toBe(subject.idOf(made));
      await expect(subject.withdraw('regretted')).resolves.toEqual(withdrawn);
      await expect(subject.get(subject.idOf(made))).resolves.toEqual(withdrawn);
    });

    it('refuses the same request from then on', async () => {
      await subject.create(1, { idempotencyKey: 'sent again' });
      await subject.withdraw('sent again');
      const again = await rejectionOf(subject.create(1, { idempotencyKey: 'sent again' }));
      expect(again.code).toBe('failed_precondition');
    });

    it('refuses a request that arrives after its withdrawal, and makes nothing of it', async () => {
      const before = await subject.list({ pageSize: 1 });
      await expect(subject.withdraw('overtaken')).resolves.toBeUndefined();
      const late = await rejectionOf(subject.create(1, { idempotencyKey: 'overtaken' }));
      expect(late.code).toBe('failed_precondition');
      await expect(subject.withdraw('overtaken')).resolves.toBeUndefined();
      await expect(subject.list({ pageSize: 1 })).resolves.toEqual(before);
    });

    it('leaves nothing in force when both are under way at once', async () => {
      const keys = Array.from({ length: 10 }, (_, index) => `raced ${String(index)}`);
      await Promise.all(
        keys.map(async (idempotencyKey) => {
          const creating = subject.create(1, { idempotencyKey }).catch(() => undefined);
          await Promise.all([creating, subject.withdraw(idempotencyKey)]);
          const made = await creating;
          if (made) expect((await subject.get(subject.idOf(made))).status).toBe(subject.withdrawnTo);
        }),
      );
    });

    it("leaves other users' keys alone", async () => {
      const bobs = await subject.create(1, { idempotencyKey: 'his own', subject: 'bob' });
      await expect(subject.withdraw('his own')).resolves.toBeUndefined();
      await expect(subject.get(subject.idOf(bobs), { subject: 'bob' })).resolves.toEqual(bobs);
    });

    it('needs a caller and a key', async () => {
      expect((await rejectionOf(subject.withdraw('any', { subject: null }))).code).toBe('unauthenticated');
      expect((await rejectionOf(subject.withdraw(' '))).code).toBe('invalid_argument');
    });
  });
}
