/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type OrderPart =
  | 'ORDER'
  | 'PAYMENT'
  | 'SHIPMENT';

export type CheckoutInput = {
  /**
   * Chosen by the client for this one purchase, a UUID for instance; 1 to 255 printable ASCII characters. The same key with the same input gives the
   * first outcome again, success or refusal, for a day; with another input it is refused.
   */
  readonly idempotencyKey: string;
  /** 1 to 50. */
  readonly lines: ReadonlyArray<CheckoutLineInput>;
  readonly shippingAddress: AddressInput;
  /** What the payment provider gave for the card. */
  readonly paymentMethodToken: string;
};

export type CheckoutLineInput = {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: MoneyInput;
};

export type MoneyInput = {
  readonly minorUnits: number;
  /** ISO 4217. */
  readonly currency: string;
};

export type AddressInput = {
  readonly recipient: string;
  readonly street: string;
  readonly postalCode: string;
  readonly city: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
};

export type CancelOrderInput = {
  /** As for `checkout`. */
  readonly idempotencyKey: string;
  readonly id: string;
};

export type UserErrorCode =
  /** The input cannot be right as it is; `field` says where. */
  | 'INVALID_INPUT'
  /** The payment was declined; nothing was ordered. */
  | 'PAYMENT_DECLINED'
  /** The key was used with another input. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** The first call with this key is still at work; ask again in a moment. */
  | 'IN_PROGRESS'
  /** There is no such order. */
  | 'NOT_FOUND'
  /** The order is not in a state for this: the courier has it already, for instance. */
  | 'NOT_POSSIBLE';

export type OrderStatus =
  | 'PENDING'
  | 'CONFIRMED'
  | 'CANCELLED';

export type PaymentStatus =
  | 'AUTHORISED'
  | 'CAPTURED'
  | 'VOIDED'
  | 'REFUNDED'
  | 'DECLINED';

export type ShipmentStatus =
  | 'PREPARING'
  | 'IN_TRANSIT'
  | 'OUT_FOR_DELIVERY'
  | 'DELIVERED'
  | 'CANCELLED';

export type CancelOrderMutationVariables = Exact<{
  input: CancelOrderInput;
}>;


export type CancelOrderMutation = { readonly cancelOrder: { readonly order: { readonly id: string, readonly status: OrderStatus } | null, readonly userErrors: ReadonlyArray<{ readonly code: UserErrorCode, readonly message: string, readonly field: string | null }> } | null };

export type CheckoutMutationVariables = Exact<{
  input: CheckoutInput;
}>;


export type CheckoutMutation = { readonly checkout: { readonly order: { readonly id: string, readonly status: OrderStatus, readonly total: { readonly minorUnits: number, readonly currency: string } } | null, readonly userErrors: ReadonlyArray<{ readonly code: UserErrorCode, readonly message: string, readonly field: string | null }> } | null };

export type OrderListQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  status?: OrderStatus | null | undefined;
}>;


export type OrderListQuery = { readonly orders: { readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: { readonly id: string, readonly status: OrderStatus, readonly placedAt: string, readonly itemCount: number, readonly total: { readonly minorUnits: number, readonly currency: string }, readonly shipment: { readonly status: ShipmentStatus } | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } | null };

export type OrderScreenQueryVariables = Exact<{
  id: string;
}>;


export type OrderScreenQuery = { readonly order: { readonly status: OrderStatus, readonly total: { readonly minorUnits: number, readonly currency: string }, readonly lines: ReadonlyArray<{ readonly title: string, readonly quantity: number }>, readonly payment: { readonly status: PaymentStatus } | null, readonly shipment: { readonly status: ShipmentStatus, readonly estimatedDelivery: string, readonly latestEvent: { readonly place: string } | null } | null } | null };

export type OrderUpdatesSubscriptionVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type OrderUpdatesSubscription = { readonly orderUpdated: { readonly cursor: string, readonly changed: ReadonlyArray<OrderPart>, readonly order: { readonly status: OrderStatus, readonly payment: { readonly status: PaymentStatus } | null, readonly shipment: { readonly status: ShipmentStatus, readonly estimatedDelivery: string, readonly latestEvent: { readonly status: ShipmentStatus, readonly time: string, readonly place: string } | null } | null } } | null };

export type OrderProgressFragment = { readonly status: OrderStatus, readonly payment: { readonly status: PaymentStatus } | null, readonly shipment: { readonly status: ShipmentStatus, readonly estimatedDelivery: string, readonly latestEvent: { readonly status: ShipmentStatus, readonly time: string, readonly place: string } | null } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const OrderProgressFragmentDoc = new TypedDocumentString(`fragment OrderProgress on Order {
  status
  payment {
    status
  }
  shipment {
    status
    estimatedDelivery
    latestEvent {
      status
      time
      place
    }
  }
}`, {"fragmentName":"OrderProgress"}) as unknown as TypedDocumentString<OrderProgressFragment, unknown>;
export const CancelOrderDocument = new TypedDocumentString(`mutation CancelOrder($input: CancelOrderInput!) {
  cancelOrder(input: $input) {
    order {
      id
      status
    }
    userErrors {
      code
      message
      field
    }
  }
}`, {"hash":"7ee6fcaa3f9f5192d0b3bb82e96f202230e324f1a98ad8d0cfb9f8246b609f97"}) as unknown as TypedDocumentString<CancelOrderMutation, CancelOrderMutationVariables>;
export const CheckoutDocument = new TypedDocumentString(`mutation Checkout($input: CheckoutInput!) {
  checkout(input: $input) {
    order {
      id
      status
      total {
        minorUnits
        currency
      }
    }
    userErrors {
      code
      message
      field
    }
  }
}`, {"hash":"ddcf45a1a55e17136efe9395251dc0d7ad99a02121865451a35db49ddbd0acb2"}) as unknown as TypedDocumentString<CheckoutMutation, CheckoutMutationVariables>;
export const OrderListDocument = new TypedDocumentString(`query OrderList($first: Int = 20, $after: String, $status: OrderStatus) {
  orders(first: $first, after: $after, status: $status) {
    edges {
      cursor
      node {
        id
        status
        placedAt
        itemCount
        total {
          minorUnits
          currency
        }
        shipment {
          status
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}`, {"hash":"8f0e80c3f085e999b5d7db97b7ac145ff46d9937e27d8b183bad2407f7a667e7"}) as unknown as TypedDocumentString<OrderListQuery, OrderListQueryVariables>;
export const OrderScreenDocument = new TypedDocumentString(`query OrderScreen($id: ID!) {
  order(id: $id) {
    status
    total {
      minorUnits
      currency
    }
    lines {
      title
      quantity
    }
    payment {
      status
    }
    shipment {
      status
      estimatedDelivery
      latestEvent {
        place
      }
    }
  }
}`, {"hash":"700752018b4b47f7ca378cf51166cdef05f80ed2db115f994f89c91c2841690e"}) as unknown as TypedDocumentString<OrderScreenQuery, OrderScreenQueryVariables>;
export const OrderUpdatesDocument = new TypedDocumentString(`subscription OrderUpdates($id: ID!, $after: String) {
  orderUpdated(id: $id, after: $after) {
    cursor
    changed
    order {
      ...OrderProgress
    }
  }
}

fragment OrderProgress on Order {
  status
  payment {
    status
  }
  shipment {
    status
    estimatedDelivery
    latestEvent {
      status
      time
      place
    }
  }
}`, {"hash":"42327a76a88782d04fb65adbf635c1648164c9194aaeef96d5a0ec197ff5715b"}) as unknown as TypedDocumentString<OrderUpdatesSubscription, OrderUpdatesSubscriptionVariables>;
