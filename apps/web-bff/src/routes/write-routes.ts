import type { CancelOutcome, Checkout } from '@bff/aggregation';
import { AppError } from '@bff/core';
import { contextOf, labelRoute, readJson } from '@bff/server-kit';
import { Router, type Request, type Response } from 'express';
import { cancelOrderOperation, checkoutOperation } from '../contract/write-operations.ts';
import { explainSyntax, methodNotAllowed } from '../errors.ts';
import { presentOrderDetail } from '../present/order-detail.ts';
import { readOrderId } from './read-order-id.ts';
import { readRequest } from './read-request.ts';

const maxBodyBytes = 64 * 1024;

// A bare colon would begin a parameter; express types the escaped one as if it did.
const cancelPath = '/orders/:orderId\\:cancel';

/** `POST /checkouts` and `POST /orders/{orderId}:cancel`: the writes that touch all three services. */
export function createWriteRoutes({
  checkout,
  cancelOrder,
}: Pick<Checkout, 'checkout' | 'cancelOrder'>): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.post(
    '/checkouts',
    readJson(maxBodyBytes),
    explainSyntax,
    async (request: Request, response: Response) => {
      const { body } = readRequest(checkoutOperation, request);
      const outcome = await inClientsTerms(checkout(body, contextOf(request)));
      response.status(201).location(`/v1/orders/${outcome.order.orderId}`);
      response.setHeader('Idempotency-Replayed', String(outcome.replayed));
      response.setHeader('Cache-Control', 'no-store');
      response.json(presentWritten(outcome));
    },
  );
  router.all('/checkouts', methodNotAllowed(['POST']));
  router.post(cancelPath, async (request: Request<{ orderId: string }>, response: Response) => {
    labelRoute(request, cancelOrderOperation.path);
    readRequest(cancelOrderOperation, request);
    const outcome = await inClientsTerms(cancelOrder({ orderId: readOrderId(request) }, contextOf(request)));
    response.setHeader('Cache-Control', 'no-store');
    response.json(presentWritten(outcome));
  });
  router.all(cancelPath, methodNotAllowed(['POST']));
  return router;
}

/** A write that succeeded knows all of its parts. */
function presentWritten({ order, payment, shipment }: CancelOutcome) {
  const parts = { payment: { ok: true, value: payment }, shipment: { ok: true, value: shipment } } as const;
  return { ...presentOrderDetail({ order, ...parts, sources: [] }), meta: { sources: [] } };
}

/** What a service refuses to this process, or for lack of itself, is the failure of a source, as it is for reads. */
async function inClientsTerms<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    const error = AppError.from(thrown);
    // A checkout that says when to ask again goes on; that is not a failure.
    if (error.code !== 'unavailable' || error.retryAfterMs !== undefined) throw error;
    throw new AppError(
      'upstream_failed',
      'A service that is needed for this failed; repeat the same request.',
      { cause: error },
    );
  }
}
