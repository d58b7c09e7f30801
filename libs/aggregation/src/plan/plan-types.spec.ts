import { describe, expect, it } from '@jest/globals';
import { createManualClock, openTestContext } from '@bff/core/testing';
import { createPlan } from './plan.ts';

/** What must not compile. Each `@ts-expect-error` fails the type check when the line below it is accepted. */
describe('the types of a plan', () => {
  const clock = createManualClock();
  const start = createPlan<{ id: string }>({ clock });
  const plan = start
    .required('order', { load: async () => ({ total: 5 }) })
    .optional('payment', { load: async () => ({ status: 'paid' }) });

  it('do not let a missing part be forgotten', async () => {
    const scope = openTestContext({ clock });
    const { values } = await plan.run({ id: 'r1' }, scope.context);
    const total: number = values.order.total;
    // @ts-expect-error -- an optional source has no value before `ok` is looked at
    const forgotten: unknown = values.payment.value;
    // @ts-expect-error -- nor is the part the value itself
    const mistaken: { status: string } = values.payment;
    const status = values.payment.ok ? values.payment.value.status : values.payment.code;
    expect([total, status]).toEqual([5, 'paid']);
    expect(forgotten).toEqual({ status: 'paid' });
    expect(mistaken).toEqual({ ok: true, value: { status: 'paid' } });
    scope.close();
  });

  it('check what a source needs, so there is no cycle and no unknown input', () => {
    const extended = [
      // @ts-expect-error -- `offers` is not declared yet
      plan.required('summary', { needs: ['offers'], load: async () => 1 }),
      // @ts-expect-error -- `order` is not among the needs, so it is not among the inputs
      plan.required('summary', { needs: ['payment'], load: async ({ inputs }) => inputs.order }),
      plan.required('summary', {
        needs: ['payment'],
        // @ts-expect-error -- the input of an optional source is a part, too
        load: async ({ inputs }) => inputs.payment.value,
      }),
      // @ts-expect-error -- the request has no such field
      plan.required('summary', { load: async ({ request }) => request.name }),
    ];
    expect(extended).toHaveLength(4);
  });

  it('refuse two sources of one name, and a condition on a required one', () => {
    const extended = [
      // @ts-expect-error -- there is an `order` already
      plan.optional('order', { load: async () => 1 }),
      // @ts-expect-error -- a required source is always asked for
      plan.required('summary', { when: () => false, load: async () => 1 }),
    ];
    expect(extended).toHaveLength(2);
  });
});
