import { describe, expect, it } from '@jest/globals';
import type { Resource } from '../../store/resource.ts';
import type { Subject } from '../port-conformance.ts';

export function describeTransitions<T extends Resource>(subject: Subject<T>): void {
  describe('change of state', () => {
    it('moves the resource once; repeated, it stays as it is', async () => {
      const made = await subject.create(1);
      const moved = await subject.transition(subject.idOf(made));
      expect(moved.status).toBe(subject.transitionTo);
      expect(moved.revision).toBeGreaterThan(made.revision);
      expect(moved.updateTime.getTime()).toBeGreaterThanOrEqual(made.updateTime.getTime());
      await expect(subject.transition(subject.idOf(made))).resolves.toEqual(moved);
      await expect(subject.get(subject.idOf(made))).resolves.toEqual(moved);
    });

    it('happens once however many ask for it at the same time', async () => {
      const made = await subject.create(1);
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => subject.transition(subject.idOf(made))),
      );
      expect(new Set(answers.map(({ revision }) => revision)).size).toBe(1);
    });

    it('is refused from a state that does not lead there, and changes nothing', async () => {
      const before = await subject.list({ pageSize: 1 });
      await expect(subject.refused()).rejects.toMatchObject({ code: 'failed_precondition' });
      await expect(subject.list({ pageSize: 1 })).resolves.toEqual(before);
    });

    it("does not find another's resource, and support may read but not change it", async () => {
      const made = await subject.create(1, { subject: 'bob' });
      const id = subject.idOf(made);
      await expect(subject.transition(id)).rejects.toMatchObject({ code: 'not_found' });
      const sam = { subject: 'sam', roles: ['support'] };
      await expect(subject.transition(id, sam)).rejects.toMatchObject({ code: 'permission_denied' });
      await expect(subject.transition(id, { subject: null })).rejects.toMatchObject({
        code: 'unauthenticated',
      });
      await expect(subject.get(id, { subject: 'bob' })).resolves.toEqual(made);
    });

    it('does not find what does not exist', async () => {
      await expect(subject.transition(`${subject.alices}9999`)).rejects.toMatchObject({ code: 'not_found' });
    });
  });
}
