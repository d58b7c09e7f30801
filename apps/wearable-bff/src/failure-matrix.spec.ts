import { describe, expect, it } from '@jest/globals';
import { OrderStage, Source } from './generated/wearable/v1/wearable_service.ts';
import { wearableOperations } from './handlers/wearable-operations.ts';
import {
  behaviours,
  orderIdOf,
  startFaultyServices,
  type Behaviour,
  type Cell,
} from './testing/faulty-services.ts';
import { insideNames } from './testing/inside-names.ts';
import { startTestApp, type TestApp } from './testing/test-app.ts';
import { failureOf } from './testing/test-client.ts';
import type { ServiceError } from '@grpc/grpc-js';

/** What the watch is told in one cell: everything that it can tell a cell by. */
type Told =
  | { status: 'OK'; stage: OrderStage; unavailable: readonly Source[] }
  | { status: string; reason: string; leaks: boolean };

/** What the order's own failure becomes; the other two cannot make the call fail. */
const failures: Readonly<Record<Exclude<Behaviour, 'ok'>, Told>> = {
  error: { status: 'UNAVAILABLE', reason: 'upstream_failed', leaks: false },
  timeout: { status: 'DEADLINE_EXCEEDED', reason: 'deadline_exceeded', leaks: false },
  refused: { status: 'UNAVAILABLE', reason: 'upstream_failed', leaks: false },
  broken: { status: 'UNAVAILABLE', reason: 'upstream_failed', leaks: false },
};

function expectedOf([order, payment, shipment]: Cell): Told {
  if (order !== 'ok') return failures[order];
  const unavailable = [
    ...(payment === 'ok' ? [] : [Source.SOURCE_PAYMENT]),
    ...(shipment === 'ok' ? [] : [Source.SOURCE_SHIPMENT]),
  ];
  const withoutShipment = payment === 'ok' ? OrderStage.ORDER_STAGE_PAID : OrderStage.ORDER_STAGE_CONFIRMED;
  const stage = shipment === 'ok' ? OrderStage.ORDER_STAGE_ON_THE_WAY : withoutShipment;
  return { status: 'OK', stage, unavailable };
}

const cells: readonly Cell[] = behaviours.flatMap((order) =>
  behaviours.flatMap((payment) => behaviours.map((shipment): Cell => [order, payment, shipment])),
);

/** Which services refuse connections: the cells of one such set are asked of one app, all at the same time. */
const refusals = [false, true].flatMap((a) =>
  [false, true].flatMap((b) => [false, true].map((c) => [a, b, c] as const)),
);

const environment = {
  PART_TIMEOUT_MS: '700',
  SERVICE_TIMEOUT_MS: '1500',
  REQUEST_TIMEOUT_MS: '4000',
  SERVICE_MAX_RETRIES: '0',
  SERVICE_HEALTH_CHECK_MS: '0',
};

async function ask({ client }: TestApp, cell: Cell, authorization: string): Promise<Told> {
  try {
    const request = { orderId: orderIdOf(cell), view: 0 };
    const { response } = await client.call(wearableOperations.getOrderGlance, request, { authorization });
    return { status: 'OK', stage: response.glance?.stage ?? 0, unavailable: response.unavailable };
  } catch (thrown) {
    const { status, details, said } = failureOf(thrown as ServiceError);
    return { status, reason: details?.code ?? 'none', leaks: insideNames.test(said) };
  }
}

describe.each(['http', 'grpc'] as const)('A6: three sources over %s, five ways each', (protocol) => {
  it('give the exact status, say what is missing, and name nothing inside, in all 125 cells', async () => {
    const told = new Map<string, Told>();
    const base = await startTestApp();
    const askAll = async (refuses: (typeof refusals)[number]) => {
      const services = await startFaultyServices(protocol, refuses);
      const [ORDER_SERVICE_URL, PAYMENT_SERVICE_URL, SHIPPING_SERVICE_URL] = services.urls;
      const urls = { ORDER_SERVICE_URL, PAYMENT_SERVICE_URL, SHIPPING_SERVICE_URL };
      const test = await startTestApp({ beside: base, environment: { ...environment, ...urls } });
      const authorization = await test.bearer();
      const asked = cells.filter((cell) =>
        cell.every((one, index) => (one === 'refused') === refuses[index]),
      );
      // Connections and code are warm then; what a cold start costs is not the matrix's affair.
      await ask(test, ['ok', 'ok', 'ok'], authorization);
      const askOne = async (cell: Cell) => told.set(cell.join(' '), await ask(test, cell, authorization));
      await Promise.all(asked.map(askOne));
      await test.close();
      services.close();
    };
    // One after the other: what is late because the machine is busy would count as a timeout.
    for (const refuses of refusals) await askAll(refuses);
    await base.close();
    process.stdout.write(`A6: ${told.size} cells over ${protocol}\n`);
    const expected = new Map(cells.map((cell) => [cell.join(' '), expectedOf(cell)]));
    expect(Object.fromEntries([...told].sort())).toEqual(Object.fromEntries([...expected].sort()));
    expect(told.size).toBe(125);
  }, 60_000);
});
