import { shipmentOperations, type NewShipment, type Shipment, type ShipmentsPort } from '@bff/contracts';
import { carrierOf, trackingNumberOf, warehouse, type PortParts, type Written } from '@bff/service-kit';
import { checkNewShipment, checkStep } from './check-requests.ts';
import { advance, cancel, nextStep, release } from './shipment-steps.ts';

/** A parcel takes three days. */
const deliveryTimeMs = 3 * 24 * 60 * 60 * 1_000;

/** The shipping service, as its callers' interface. */
export function createShipmentsPort({
  core,
  clock,
}: PortParts<Shipment, keyof ShipmentsPort>): ShipmentsPort {
  return {
    get: ({ shipmentId }, context) => core.get('get', shipmentId, context),
    list: (query, context) => core.list('list', query, context),
    watch: (query, context) => core.watch('watch', query, context),
    create: (request, context) =>
      core.create(
        { operation: 'create', rules: shipmentOperations.create, check: checkNewShipment },
        request,
        context,
        (identity) => create(request, identity, clock.date()),
      ),
    cancel: ({ shipmentId }, context) =>
      core.transition({ operation: 'cancel', read: 'get' }, shipmentId, context, (shipment) =>
        written(cancel(shipment, clock.date()), undefined),
      ),
    release: ({ shipmentId }, context) =>
      core.transition({ operation: 'release', read: 'get' }, shipmentId, context, (shipment, dueTime) => {
        const now = clock.date();
        const released = release(shipment, dueTime !== undefined, now);
        return released && { value: released, dueTime: now };
      }),
    withdraw: ({ idempotencyKey }, context) =>
      core.withdraw(
        { operation: 'withdraw', created: shipmentOperations.create },
        idempotencyKey,
        context,
        (shipment) => written(cancel(shipment, clock.date()), undefined),
      ),
    advance: (step, context) =>
      core.transition(
        { operation: 'advance', read: 'get', check: () => checkStep(step) },
        step.shipmentId,
        context,
        (shipment, dueTime) => written(advance(shipment, step, clock.date()), dueTime),
      ),
  };
}

function create(
  { orderId, address, hold }: NewShipment,
  { id, customerId, revision }: { id: string; customerId: string; revision: number },
  now: Date,
): Written<Shipment> {
  return {
    value: {
      shipmentId: id,
      orderId,
      customerId,
      status: 'preparing',
      carrier: carrierOf(id),
      trackingNumber: trackingNumberOf(id),
      address,
      estimatedDeliveryTime: new Date(now.getTime() + deliveryTimeMs),
      events: [{ status: 'preparing', time: now, place: warehouse }],
      createTime: now,
      updateTime: now,
      revision,
    },
    // The simulated courier fetches new parcels on its next round; one on hold is never due.
    dueTime: hold ? undefined : now,
  };
}

/** A shipment at the end of its way, or cancelled, has nothing due. */
function written(shipment: Shipment | undefined, dueTime: Date | undefined): Written<Shipment> | undefined {
  return shipment && { value: shipment, dueTime: nextStep(shipment.status) && dueTime };
}
