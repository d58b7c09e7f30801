import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { orderOperations, type Order } from '@bff/contracts';

export interface BoundedService {
  readonly url: string;
  /** Answers per second, at most. */
  readonly capacity: number;
  close(): Promise<void>;
}

const order: Order = {
  orderId: 'ord_0001',
  customerId: 'alice',
  status: 'confirmed',
  lines: [{ sku: 'tea', name: 'Tea, 100 g', quantity: 2, unitPrice: { currency: 'EUR', minorUnits: 625 } }],
  total: { currency: 'EUR', minorUnits: 1_250 },
  shippingAddress: {
    recipient: 'Alice',
    street: 'Hauptstr. 1',
    postalCode: '10115',
    city: 'Berlin',
    country: 'DE',
  },
  createTime: new Date('2026-01-01T10:00:00.000Z'),
  updateTime: new Date('2026-01-01T10:05:00.000Z'),
  revision: 7,
};

/**
 * An order service whose capacity is known and needs no processor: so many workers that take so long for every request,
 * in order of arrival, whether or not somebody still waits for it. `ord_0001` exists, nothing else does.
 */
export async function startBoundedService(workers: number, serviceMs: number): Promise<BoundedService> {
  const queue: (() => void)[] = [];
  let busy = 0;
  const next = () => {
    busy--;
    queue.shift()?.();
  };
  const work = (path: string, response: ServerResponse) => {
    busy++;
    setTimeout(() => {
      answer(path, response);
      next();
    }, serviceMs);
  };
  const server = createServer((request, response) => {
    const { url: path = '' } = request;
    request.resume();
    if (path === '/readyz') response.end('ready\n');
    else if (busy < workers) work(path, response);
    else queue.push(() => work(path, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    capacity: (workers * 1_000) / serviceMs,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(path: string, response: ServerResponse): void {
  if (path.startsWith(`/v1/orders/${order.orderId}`)) {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(orderOperations.get.response.toJson(order)));
    return;
  }
  response.writeHead(404, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ status: 404, code: 'not_found', detail: 'There is no such order.' }));
}
