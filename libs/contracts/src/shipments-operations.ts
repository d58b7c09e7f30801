import type { Shipment, ShipmentsPort, ShipmentStatus } from './shipments.ts';
import {
  ShipmentStatus as Status,
  ShippingServiceDefinition,
  type Shipment as ShipmentMessage,
} from './generated/commerce/shipping/v1/shipping_service.ts';
import { asIs, serverStream, unary, type Mapping, type OperationsOf } from './operation.ts';
import {
  addressMapping,
  listQueryMapping,
  required,
  statusNames,
  watchQueryMapping,
} from './shared-types.ts';

const statuses = statusNames<ShipmentStatus, Status>(Status.SHIPMENT_STATUS_UNSPECIFIED, {
  preparing: Status.SHIPMENT_STATUS_PREPARING,
  in_transit: Status.SHIPMENT_STATUS_IN_TRANSIT,
  out_for_delivery: Status.SHIPMENT_STATUS_OUT_FOR_DELIVERY,
  delivered: Status.SHIPMENT_STATUS_DELIVERED,
  cancelled: Status.SHIPMENT_STATUS_CANCELLED,
});

const shipmentMapping: Mapping<Shipment, ShipmentMessage> = {
  toMessage: (shipment) => ({
    shipmentId: shipment.shipmentId,
    orderId: shipment.orderId,
    customerId: shipment.customerId,
    status: statuses.toNumber(shipment.status),
    carrier: shipment.carrier,
    trackingNumber: shipment.trackingNumber,
    address: addressMapping.toMessage(shipment.address),
    estimatedDeliveryTime: shipment.estimatedDeliveryTime,
    events: shipment.events.map((event) => ({ ...event, status: statuses.toNumber(event.status) })),
    createTime: shipment.createTime,
    updateTime: shipment.updateTime,
    revision: BigInt(shipment.revision),
  }),
  fromMessage: (message) => ({
    shipmentId: message.shipmentId,
    orderId: message.orderId,
    customerId: message.customerId,
    status: statuses.toName(message.status),
    carrier: message.carrier,
    trackingNumber: message.trackingNumber,
    address: addressMapping.fromMessage(required(message.address, 'address')),
    estimatedDeliveryTime: required(message.estimatedDeliveryTime, 'estimatedDeliveryTime'),
    events: message.events.map((event) => ({
      status: statuses.toName(event.status),
      time: required(event.time, 'events.time'),
      place: event.place,
    })),
    createTime: required(message.createTime, 'createTime'),
    updateTime: required(message.updateTime, 'updateTime'),
    revision: Number(message.revision),
  }),
};

const shipmentResponse: Mapping<Shipment, { shipment: ShipmentMessage | undefined }> = {
  toMessage: (shipment) => ({ shipment: shipmentMapping.toMessage(shipment) }),
  fromMessage: (message) => shipmentMapping.fromMessage(required(message.shipment, 'shipment')),
};

const { methods } = ShippingServiceDefinition;

export const shipmentOperations = {
  get: unary(ShippingServiceDefinition, methods.getShipment, {
    safety: 'safe',
    http: { method: 'GET', path: '/v1/shipments/{shipmentId}' },
    request: asIs(),
    response: shipmentResponse,
  }),
  list: unary(ShippingServiceDefinition, methods.listShipments, {
    safety: 'safe',
    http: { method: 'GET', path: '/v1/shipments', lists: ['orderIds'] },
    request: listQueryMapping(statuses),
    response: {
      toMessage: (page) => ({
        shipments: page.items.map(shipmentMapping.toMessage),
        nextPageToken: page.nextPageToken ?? '',
      }),
      fromMessage: (message) => ({
        items: message.shipments.map(shipmentMapping.fromMessage),
        nextPageToken: message.nextPageToken || undefined,
      }),
    },
  }),
  create: unary(ShippingServiceDefinition, methods.createShipment, {
    safety: 'keyed',
    http: { method: 'POST', path: '/v1/shipments', status: 201 },
    request: {
      toMessage: ({ orderId, address, hold = false }) => ({
        orderId,
        address: addressMapping.toMessage(address),
        hold,
      }),
      fromMessage: ({ orderId, address, hold }) => ({
        orderId,
        address: addressMapping.fromMessage(required(address, 'address')),
        hold,
      }),
    },
    response: shipmentResponse,
  }),
  cancel: unary(ShippingServiceDefinition, methods.cancelShipment, {
    safety: 'idempotent',
    http: { method: 'POST', path: '/v1/shipments/{shipmentId}:cancel' },
    request: asIs(),
    response: shipmentResponse,
  }),
  release: unary(ShippingServiceDefinition, methods.releaseShipment, {
    safety: 'idempotent',
    http: { method: 'POST', path: '/v1/shipments/{shipmentId}:release' },
    request: asIs(),
    response: shipmentResponse,
  }),
  withdraw: unary(ShippingServiceDefinition, methods.withdrawShipment, {
    safety: 'idempotent',
    http: { method: 'POST', path: '/v1/shipments:withdraw' },
    request: asIs(),
    response: {
      toMessage: (shipment) => ({ shipment: shipment && shipmentMapping.toMessage(shipment) }),
      fromMessage: ({ shipment }) => shipment && shipmentMapping.fromMessage(shipment),
    },
  }),
  advance: unary(ShippingServiceDefinition, methods.advanceShipment, {
    safety: 'idempotent',
    http: { method: 'POST', path: '/v1/shipments/{shipmentId}:advance' },
    request: {
      toMessage: (step) => ({ ...step, status: statuses.toNumber(step.status) }),
      fromMessage: (message) => ({ ...message, status: statuses.toName(message.status) }),
    },
    response: shipmentResponse,
  }),
  watch: serverStream(ShippingServiceDefinition, methods.watchShipments, {
    safety: 'safe',
    request: watchQueryMapping,
    response: {
      toMessage: (change) => ({
        revision: BigInt(change.revision),
        shipment: shipmentMapping.toMessage(change.value),
      }),
      fromMessage: (message) => ({
        revision: Number(message.revision),
        value: shipmentMapping.fromMessage(required(message.shipment, 'shipment')),
      }),
    },
  }),
} satisfies OperationsOf<ShipmentsPort>;
