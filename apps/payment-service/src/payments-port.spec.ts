import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Payment, PaymentsPort } from '@bff/contracts';
import { callerContext, openTestPort, rejectionOf } from '@bff/service-kit/testing';
import { paymentService } from './payment-service.ts';

const amount = { currency: 'EUR', minorUnits: 2_300 };

describe('payments', () => {
  let port: PaymentsPort;
  let close: () => Promise<void>;
  const scope = callerContext({ timeoutMs: 60_000 });
  beforeAll(async () => {
    ({ port, close } = await openTestPort(paymentService, { seed: false }));
  });
  afterAll(async () => {
    scope.close();
    await close();
  });
  const authorise = (methodToken: string) =>
    port.authorise({ orderId: 'ord_0001', amount, methodToken }, scope.context);

  it.each([
    ['tok_visa', 'authorised', 'visa'],
    ['tok_mastercard', 'authorised', 'mastercard'],
    ['tok_sepa', 'authorised', 'sepa'],
    ['tok_declined', 'declined', 'visa'],
  ])('with %s are %s, as an answer', async (methodToken, status, brand) => {
    const payment = await authorise(methodToken);
    expect(payment).toMatchObject({ status, amount, customerId: 'alice', method: { brand } });
    expect(payment.events).toEqual([
      { status, time: payment.createTime, reference: expect.stringMatching(/^acq_[0-9a-f]{48}$/) },
    ]);
  });

  it('record each step with a reference of its own', async () => {
    const { paymentId } = await authorise('tok_visa');
    await port.capture({ paymentId }, scope.context);
    const { status, events } = await port.refund({ paymentId }, scope.context);
    expect(status).toBe('refunded');
    expect(events.map((event) => event.status)).toEqual(['authorised', 'captured', 'refunded']);
    expect(new Set(events.map(({ reference }) => reference)).size).toBe(3);
  });

  const steps = ['capture', 'void', 'refund'] as const;
  const outcomes: Record<'authorised' | 'captured' | 'voided' | 'refunded' | 'declined', string[]> = {
    authorised: ['captured', 'voided', 'refused'],
    captured: ['captured', 'refused', 'refunded'],
    voided: ['refused', 'voided', 'refused'],
    refunded: ['refused', 'refused', 'refunded'],
    declined: ['refused', 'refused', 'refused'],
  };
  const bring: Record<keyof typeof outcomes, (id: { paymentId: string }) => Promise<unknown>> = {
    authorised: async () => undefined,
    declined: async () => undefined,
    captured: (id) => port.capture(id, scope.context),
    voided: (id) => port.void(id, scope.context),
    refunded: async (id) => {
      await port.capture(id, scope.context);
      await port.refund(id, scope.context);
    },
  };

  it.each(Object.entries(outcomes))(
    'that are %s may be captured, voided, refunded: %j',
    async (state, expected) => {
      const results = [];
      for (const step of steps) {
        const { paymentId } = await authorise(state === 'declined' ? 'tok_declined' : 'tok_visa');
        await bring[state as keyof typeof outcomes]({ paymentId });
        const result = await port[step]({ paymentId }, scope.context).catch(
          (error: unknown) => error as Error,
        );
        results.push(result instanceof Error ? `refused` : (result satisfies Payment).status);
      }
      expect(results).toEqual(expected);
    },
  );

  it.each([
    ['authorised', 'voided'],
    ['captured', 'refunded'],
    ['declined', 'declined'],
  ] as const)('that are %s and withdrawn by key are %s', async (state, withdrawn) => {
    const keyed = callerContext({ idempotencyKey: `withdrawn ${state}` });
    const methodToken = state === 'declined' ? 'tok_declined' : 'tok_visa';
    const payment = await port.authorise({ orderId: 'ord_0001', amount, methodToken }, keyed.context);
    keyed.close();
    await bring[state](payment);
    const request = { idempotencyKey: `withdrawn ${state}` };
    await expect(port.withdraw(request, scope.context)).resolves.toMatchObject({
      paymentId: payment.paymentId,
      status: withdrawn,
    });
  });

  it('say why a step is refused', async () => {
    const { paymentId } = await authorise('tok_visa');
    expect(await rejectionOf(port.refund({ paymentId }, scope.context))).toMatchObject({
      code: 'failed_precondition',
      message: 'The payment is authorised; it cannot become refunded.',
    });
  });
});
