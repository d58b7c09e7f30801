import type { Order, OrderLine, OrdersPort, OrderStatus } from './orders.ts';
import {
  OrderServiceDefinition,
  OrderStatus as Status,
  type Order as OrderMessage,
  type OrderLine as OrderLineMessage,
} from './generated/commerce/order/v1/order_service.ts';
import { asIs, serverStream, unary, type Mapping, type OperationsOf } from './operation.ts';
import {
  addressMapping,
  listQueryMapping,
  moneyMapping,
  required,
  statusNames,
  watchQueryMapping,
} from './shared-types.ts';

const statuses = statusNames<OrderStatus, Status>(Status.ORDER_STATUS_UNSPECIFIED, {
  pending: Status.ORDER_STATUS_PENDING,
  confirmed: Status.ORDER_STATUS_CONFIRMED,
  cancelled: Status.ORDER_STATUS_CANCELLED,
});

const lineMapping: Mapping<OrderLine, OrderLineMessage> = {
  toMessage: ({ sku, name, quantity, unitPrice }) => ({
    sku,
    name,
    quantity,
    unitPrice: moneyMapping.toMessage(unitPrice),
  }),
  fromMessage: ({ sku, name, quantity, unitPrice }) => ({
    sku,
    name,
    quantity,
    unitPrice: moneyMapping.fromMessage(required(unitPrice, 'lines.unitPrice')),
  }),
};

const orderMapping: Mapping<Order, OrderMessage> = {
  toMessage: (order) => ({
    orderId: order.orderId,
    customerId: order.customerId,
    status: statuses.toNumber(order.status),
    lines: order.lines.map(lineMapping.toMessage),
    total: moneyMapping.toMessage(order.total),
    shippingAddress: addressMapping.toMessage(order.shippingAddress),
    createTime: order.createTime,
    updateTime: order.updateTime,
    revision: BigInt(order.revision),
  }),
  fromMessage: (message) => ({
    orderId: message.orderId,
    customerId: message.customerId,
    status: statuses.toName(message.status),
    lines: message.lines.map(lineMapping.fromMessage),
    total: moneyMapping.fromMessage(required(message.total, 'total')),
    shippingAddress: addressMapping.fromMessage(required(message.shippingAddress, 'shippingAddress')),
    createTime: required(message.createTime, 'createTime'),
    updateTime: required(message.updateTime, 'updateTime'),
    revision: Number(message.revision),
  }),
};

const orderResponse: Mapping<Order, { order: OrderMessage | undefined }> = {
  toMessage: (order) => ({ order: orderMapping.toMessage(order) }),
  fromMessage: (message) => orderMapping.fromMessage(required(message.order, 'order')),
};

const { methods } = OrderServiceDefinition;

export const orderOperations = {
  get: unary(OrderServiceDefinition, methods.getOrder, {
    safety: 'safe',
    http: { method: 'GET', path: '/v1/orders/{orderId}' },
    request: asIs(),
    response: orderResponse,
  }),
  list: unary(OrderServiceDefinition, methods.listOrders, {
    safety: 'safe',
    http: { method: 'GET', path: '/v1/orders', lists: ['orderIds'] },
    request: listQueryMapping(statuses),
    response: {
      toMessage: (page) => ({
        orders: page.items.map(orderMapping.toMessage),
        nextPageToken: page.nextPageToken ?? '',
      }),
      fromMessage: (message) => ({
        items: message.orders.map(orderMapping.fromMessage),
        nextPageToken: message.nextPageToken || undefined,
      }),
    },
  }),
  create: unary(OrderServiceDefinition, methods.createOrder, {
    safety: 'keyed',
    http: { method: 'POST', path: '/v1/orders', status: 201 },
    request: {
      toMessage: (order) => ({
        lines: order.lines.map(lineMapping.toMessage),
        shippingAddress: addressMapping.toMessage(order.shippingAddress),
      }),
      fromMessage: (message) => ({
        lines: message.lines.map(lineMapping.fromMessage),
        shippingAddress: addressMapping.fromMessage(required(message.shippingAddress, 'shippingAddress')),
      }),
    },
    response: orderResponse,
  }),
  cancel: unary(OrderServiceDefinition, methods.cancelOrder, {
    safety: 'idempotent',
    http: { method: 'POST', path: '/v1/orders/{orderId}:cancel' },
    request: {
      toMessage: ({ orderId, ifRevision = 0 }) => ({ orderId, ifRevision: BigInt(ifRevision) }),
      fromMessage: ({ orderId, ifRevision }) => ({ orderId, ifRevision: Number(ifRevision) || undefined }),
    },
    response: orderResponse,
  }),
  confirm: unary(OrderServiceDefinition, methods.confirmOrder, {
    safety: 'idempotent',
    http: { method: 'POST', path: '/v1/orders/{orderId}:confirm' },
    request: asIs(),
    response: orderResponse,
  }),
  withdraw: unary(OrderServiceDefinition, methods.withdrawOrder, {
    safety: 'idempotent',
    http: { method: 'POST', path: '/v1/orders:withdraw' },
    request: asIs(),
    response: {
      toMessage: (order) => ({ order: order && orderMapping.toMessage(order) }),
      fromMessage: ({ order }) => order && orderMapping.fromMessage(order),
    },
  }),
  watch: serverStream(OrderServiceDefinition, methods.watchOrders, {
    safety: 'safe',
    request: watchQueryMapping,
    response: {
      toMessage: (change) => ({
        revision: BigInt(change.revision),
        order: orderMapping.toMessage(change.value),
      }),
      fromMessage: (message) => ({
        revision: Number(message.revision),
        value: orderMapping.fromMessage(required(message.order, 'order')),
      }),
    },
  }),
} satisfies OperationsOf<OrdersPort>;
