import type { WatchedSource as OrderPart } from '@bff/aggregation';
import type { OrderStatus } from '@bff/contracts';
import type { PaymentStatus } from '@bff/contracts';
import type { ShipmentStatus } from '@bff/contracts';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { OrderView, OrderLineView } from '../present/present-order.ts';
import type { PaymentView } from '../present/present-payment.ts';
import type { ShipmentView } from '../present/present-shipment.ts';
import type { GraphqlContext } from '../graphql/graphql-context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
export type EnumResolverSignature<T, AllowedValues = any> = { [key in keyof T]?: AllowedValues };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A point in time as RFC 3339 says it, in UTC: `2026-01-05T09:12:30Z`. */
  DateTime: { input: Date; output: Date; }
};

/**
 * Anything that can be fetched again by its id alone. Ids are global and readable: the prefix says the type
 * (`ord_0001` is an Order), so a client can cache by id and a person can search logs for it.
 * Nothing but the prefix has a meaning.
 */
export type Node = {
  readonly id: Scalars['ID']['output'];
};

export type Query = {
  readonly __typename?: 'Query';
  /** Who is calling, as the access token says. */
  readonly me: Viewer;
  /** The object with this id; an error with the code NOT_FOUND when there is none that the caller may see. */
  readonly node?: Maybe<Node>;
  /** One order; an error with the code NOT_FOUND when there is none that the caller may see. */
  readonly order?: Maybe<Order>;
  /**
   * The caller's own orders, newest first. `first` is at least 1; more than 100 gives 100. `after` is a cursor of the same
   * list with the same `status`.
   */
  readonly orders?: Maybe<OrderConnection>;
};


export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


export type QueryOrderArgs = {
  id: Scalars['ID']['input'];
};


export type QueryOrdersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  status?: InputMaybe<OrderStatus>;
};

export type Mutation = {
  readonly __typename?: 'Mutation';
  /**
   * Orders what is in the basket and pays for it, wholly or not at all. Null with an error: the outcome is not known or
   * nothing was done; send the same input again, with the same key.
   */
  readonly checkout?: Maybe<CheckoutPayload>;
  /**
   * Stops an order before the courier has it: the payment is voided or refunded and the shipment cancelled.
   * A cancelled order stays as it is.
   */
  readonly cancelOrder?: Maybe<CancelOrderPayload>;
};


export type MutationCheckoutArgs = {
  input: CheckoutInput;
};


export type MutationCancelOrderArgs = {
  input: CancelOrderInput;
};

/** Over WebSocket (graphql-transport-ws) or server-sent events (graphql-sse, distinct connections), not over plain HTTP. */
export type Subscription = {
  readonly __typename?: 'Subscription';
  /**
   * One order: as it is now, then again after every change of it, of its payment and of its shipment. With `after`, the
   * cursor of the last update that the client has seen, on whatever server, it goes on from there: no change is missed and none
   * is told twice.
   */
  readonly orderUpdated?: Maybe<OrderUpdate>;
};


/** Over WebSocket (graphql-transport-ws) or server-sent events (graphql-sse, distinct connections), not over plain HTTP. */
export type SubscriptionOrderUpdatedArgs = {
  id: Scalars['ID']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

export type Viewer = {
  readonly __typename?: 'Viewer';
  readonly id: Scalars['ID']['output'];
  /** May read any customer's orders. */
  readonly isSupport: Scalars['Boolean']['output'];
};

export type OrderUpdate = {
  readonly __typename?: 'OrderUpdate';
  /** Opaque; good for `after`. */
  readonly cursor: Scalars['String']['output'];
  /** What is new; empty in the first update of a client that gave no `after`: the order as it was found. */
  readonly changed: ReadonlyArray<OrderPart>;
  readonly order: Order;
};

export type { OrderPart };

export type CheckoutInput = {
  /**
   * Chosen by the client for this one purchase, a UUID for instance; 1 to 255 printable ASCII characters. The same key with the same input gives the
   * first outcome again, success or refusal, for a day; with another input it is refused.
   */
  readonly idempotencyKey: Scalars['String']['input'];
  /** 1 to 50. */
  readonly lines: ReadonlyArray<CheckoutLineInput>;
  readonly shippingAddress: AddressInput;
  /** What the payment provider gave for the card. */
  readonly paymentMethodToken: Scalars['String']['input'];
};

export type CheckoutLineInput = {
  readonly sku: Scalars['String']['input'];
  readonly name: Scalars['String']['input'];
  readonly quantity: Scalars['Int']['input'];
  readonly unitPrice: MoneyInput;
};

export type MoneyInput = {
  readonly minorUnits: Scalars['Int']['input'];
  /** ISO 4217. */
  readonly currency: Scalars['String']['input'];
};

export type AddressInput = {
  readonly recipient: Scalars['String']['input'];
  readonly street: Scalars['String']['input'];
  readonly postalCode: Scalars['String']['input'];
  readonly city: Scalars['String']['input'];
  /** ISO 3166-1 alpha-2. */
  readonly country: Scalars['String']['input'];
};

export type CheckoutPayload = {
  readonly __typename?: 'CheckoutPayload';
  /** The order that was placed; null when `userErrors` says why there is none. */
  readonly order?: Maybe<Order>;
  readonly userErrors: ReadonlyArray<UserError>;
};

export type CancelOrderInput = {
  /** As for `checkout`. */
  readonly idempotencyKey: Scalars['String']['input'];
  readonly id: Scalars['ID']['input'];
};

export type CancelOrderPayload = {
  readonly __typename?: 'CancelOrderPayload';
  /** The order as it is now; null when `userErrors` says why it was not cancelled. */
  readonly order?: Maybe<Order>;
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A refusal that a person can do something about. Failures of the system are in `errors`, as for queries. */
export type UserError = {
  readonly __typename?: 'UserError';
  readonly code: UserErrorCode;
  /** For the person, in English. */
  readonly message: Scalars['String']['output'];
  /** Where in the input, `lines` or `shippingAddress.country`; null when it is about the whole. */
  readonly field?: Maybe<Scalars['String']['output']>;
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

export type Order = Node & {
  readonly __typename?: 'Order';
  readonly id: Scalars['ID']['output'];
  readonly status: OrderStatus;
  readonly placedAt: Scalars['DateTime']['output'];
  readonly updatedAt: Scalars['DateTime']['output'];
  readonly lines: ReadonlyArray<OrderLine>;
  /** Pieces in all lines together, for a row in a list. */
  readonly itemCount: Scalars['Int']['output'];
  readonly total: Money;
  readonly shippingAddress: Address;
  /**
   * The latest payment. Null without an error: there is none. Null with an error at this path: it could not be fetched,
   * SOURCE_UNAVAILABLE or SOURCE_TIMEOUT. Fetched only when it is selected.
   */
  readonly payment?: Maybe<Payment>;
  /** The latest shipment, null as `payment` is. */
  readonly shipment?: Maybe<Shipment>;
};

export type { OrderStatus };

export type OrderLine = {
  readonly __typename?: 'OrderLine';
  readonly sku: Scalars['String']['output'];
  /** The name up to its first comma: what fits into a row on a phone. */
  readonly title: Scalars['String']['output'];
  /** The whole name. */
  readonly name: Scalars['String']['output'];
  readonly quantity: Scalars['Int']['output'];
  readonly unitPrice: Money;
};

/** An amount in the smallest unit of its currency: 23575 EUR is 235,75 €. Amounts above 21 million euros do not fit. */
export type Money = {
  readonly __typename?: 'Money';
  readonly minorUnits: Scalars['Int']['output'];
  /** ISO 4217. */
  readonly currency: Scalars['String']['output'];
};

export type Address = {
  readonly __typename?: 'Address';
  readonly recipient: Scalars['String']['output'];
  readonly street: Scalars['String']['output'];
  readonly postalCode: Scalars['String']['output'];
  readonly city: Scalars['String']['output'];
  /** ISO 3166-1 alpha-2. */
  readonly country: Scalars['String']['output'];
};

export type Payment = {
  readonly __typename?: 'Payment';
  readonly id: Scalars['ID']['output'];
  readonly status: PaymentStatus;
  readonly amount: Money;
  readonly method: PaymentMethod;
  readonly updatedAt: Scalars['DateTime']['output'];
};

export type { PaymentStatus };

export type PaymentMethod = {
  readonly __typename?: 'PaymentMethod';
  /** `visa`, `mastercard`, `sepa`. */
  readonly brand: Scalars['String']['output'];
  readonly lastFour: Scalars['String']['output'];
};

export type Shipment = {
  readonly __typename?: 'Shipment';
  readonly id: Scalars['ID']['output'];
  readonly status: ShipmentStatus;
  readonly carrier: Scalars['String']['output'];
  readonly trackingNumber: Scalars['String']['output'];
  readonly estimatedDelivery: Scalars['DateTime']['output'];
  /** Oldest first. */
  readonly events: ReadonlyArray<ShipmentEvent>;
  /** Where the parcel was seen last. */
  readonly latestEvent?: Maybe<ShipmentEvent>;
  readonly updatedAt: Scalars['DateTime']['output'];
};

export type { ShipmentStatus };

export type ShipmentEvent = {
  readonly __typename?: 'ShipmentEvent';
  readonly status: ShipmentStatus;
  readonly time: Scalars['DateTime']['output'];
  readonly place: Scalars['String']['output'];
};

/** A page as https://relay.dev/graphql/connections.htm describes it; pages go forward only. */
export type OrderConnection = {
  readonly __typename?: 'OrderConnection';
  readonly edges: ReadonlyArray<OrderEdge>;
  readonly pageInfo: PageInfo;
};

export type OrderEdge = {
  readonly __typename?: 'OrderEdge';
  /** Opaque; good for `after`. */
  readonly cursor: Scalars['String']['output'];
  readonly node: Order;
};

export type PageInfo = {
  readonly __typename?: 'PageInfo';
  readonly hasNextPage: Scalars['Boolean']['output'];
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  readonly startCursor?: Maybe<Scalars['String']['output']>;
  readonly endCursor?: Maybe<Scalars['String']['output']>;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;




/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node: ( OrderView );
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Viewer: ResolverTypeWrapper<Viewer>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  OrderUpdate: ResolverTypeWrapper<Omit<OrderUpdate, 'order'> & { order: ResolversTypes['Order'] }>;
  OrderPart: OrderPart;
  CheckoutInput: CheckoutInput;
  CheckoutLineInput: CheckoutLineInput;
  MoneyInput: MoneyInput;
  AddressInput: AddressInput;
  CheckoutPayload: ResolverTypeWrapper<Omit<CheckoutPayload, 'order'> & { order?: Maybe<ResolversTypes['Order']> }>;
  CancelOrderInput: CancelOrderInput;
  CancelOrderPayload: ResolverTypeWrapper<Omit<CancelOrderPayload, 'order'> & { order?: Maybe<ResolversTypes['Order']> }>;
  UserError: ResolverTypeWrapper<UserError>;
  UserErrorCode: UserErrorCode;
  Order: ResolverTypeWrapper<OrderView>;
  OrderStatus: OrderStatus;
  OrderLine: ResolverTypeWrapper<OrderLineView>;
  Money: ResolverTypeWrapper<Money>;
  Address: ResolverTypeWrapper<Address>;
  Payment: ResolverTypeWrapper<PaymentView>;
  PaymentStatus: PaymentStatus;
  PaymentMethod: ResolverTypeWrapper<PaymentMethod>;
  Shipment: ResolverTypeWrapper<ShipmentView>;
  ShipmentStatus: ShipmentStatus;
  ShipmentEvent: ResolverTypeWrapper<ShipmentEvent>;
  OrderConnection: ResolverTypeWrapper<Omit<OrderConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['OrderEdge']> }>;
  OrderEdge: ResolverTypeWrapper<Omit<OrderEdge, 'node'> & { node: ResolversTypes['Order'] }>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  ID: Scalars['ID']['output'];
  Query: Record<PropertyKey, never>;
  Int: Scalars['Int']['output'];
  String: Scalars['String']['output'];
  Mutation: Record<PropertyKey, never>;
  Subscription: Record<PropertyKey, never>;
  Viewer: Viewer;
  Boolean: Scalars['Boolean']['output'];
  OrderUpdate: Omit<OrderUpdate, 'order'> & { order: ResolversParentTypes['Order'] };
  CheckoutInput: CheckoutInput;
  CheckoutLineInput: CheckoutLineInput;
  MoneyInput: MoneyInput;
  AddressInput: AddressInput;
  CheckoutPayload: Omit<CheckoutPayload, 'order'> & { order?: Maybe<ResolversParentTypes['Order']> };
  CancelOrderInput: CancelOrderInput;
  CancelOrderPayload: Omit<CancelOrderPayload, 'order'> & { order?: Maybe<ResolversParentTypes['Order']> };
  UserError: UserError;
  Order: OrderView;
  OrderLine: OrderLineView;
  Money: Money;
  Address: Address;
  Payment: PaymentView;
  PaymentMethod: PaymentMethod;
  Shipment: ShipmentView;
  ShipmentEvent: ShipmentEvent;
  OrderConnection: Omit<OrderConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['OrderEdge']> };
  OrderEdge: Omit<OrderEdge, 'node'> & { node: ResolversParentTypes['Order'] };
  PageInfo: PageInfo;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type NodeResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'Order', ParentType, ContextType>;
};

export type QueryResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  me?: Resolver<ResolversTypes['Viewer'], ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType, RequireFields<QueryOrderArgs, 'id'>>;
  orders?: Resolver<Maybe<ResolversTypes['OrderConnection']>, ParentType, ContextType, RequireFields<QueryOrdersArgs, 'first'>>;
};

export type MutationResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  checkout?: Resolver<Maybe<ResolversTypes['CheckoutPayload']>, ParentType, ContextType, RequireFields<MutationCheckoutArgs, 'input'>>;
  cancelOrder?: Resolver<Maybe<ResolversTypes['CancelOrderPayload']>, ParentType, ContextType, RequireFields<MutationCancelOrderArgs, 'input'>>;
};

export type SubscriptionResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  orderUpdated?: SubscriptionResolver<Maybe<ResolversTypes['OrderUpdate']>, "orderUpdated", ParentType, ContextType, RequireFields<SubscriptionOrderUpdatedArgs, 'id'>>;
};

export type ViewerResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Viewer'] = ResolversParentTypes['Viewer']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isSupport?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type OrderUpdateResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['OrderUpdate'] = ResolversParentTypes['OrderUpdate']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  changed?: Resolver<ReadonlyArray<ResolversTypes['OrderPart']>, ParentType, ContextType>;
  order?: Resolver<ResolversTypes['Order'], ParentType, ContextType>;
};

export type OrderPartResolvers = EnumResolverSignature<{ ORDER?: any, PAYMENT?: any, SHIPMENT?: any }, ResolversTypes['OrderPart']>;

export type CheckoutPayloadResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['CheckoutPayload'] = ResolversParentTypes['CheckoutPayload']> = {
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type CancelOrderPayloadResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['CancelOrderPayload'] = ResolversParentTypes['CancelOrderPayload']> = {
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UserErrorResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError']> = {
  code?: Resolver<ResolversTypes['UserErrorCode'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  field?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type OrderResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Order'] = ResolversParentTypes['Order']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['OrderStatus'], ParentType, ContextType>;
  placedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  lines?: Resolver<ReadonlyArray<ResolversTypes['OrderLine']>, ParentType, ContextType>;
  itemCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  shippingAddress?: Resolver<ResolversTypes['Address'], ParentType, ContextType>;
  payment?: Resolver<Maybe<ResolversTypes['Payment']>, ParentType, ContextType>;
  shipment?: Resolver<Maybe<ResolversTypes['Shipment']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OrderStatusResolvers = EnumResolverSignature<{ PENDING?: any, CONFIRMED?: any, CANCELLED?: any }, ResolversTypes['OrderStatus']>;

export type OrderLineResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['OrderLine'] = ResolversParentTypes['OrderLine']> = {
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unitPrice?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type MoneyResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Money'] = ResolversParentTypes['Money']> = {
  minorUnits?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type AddressResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Address'] = ResolversParentTypes['Address']> = {
  recipient?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  street?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  postalCode?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  city?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  country?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PaymentResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Payment'] = ResolversParentTypes['Payment']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['PaymentStatus'], ParentType, ContextType>;
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  method?: Resolver<ResolversTypes['PaymentMethod'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type PaymentStatusResolvers = EnumResolverSignature<{ AUTHORISED?: any, CAPTURED?: any, VOIDED?: any, REFUNDED?: any, DECLINED?: any }, ResolversTypes['PaymentStatus']>;

export type PaymentMethodResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['PaymentMethod'] = ResolversParentTypes['PaymentMethod']> = {
  brand?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  lastFour?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ShipmentResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Shipment'] = ResolversParentTypes['Shipment']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ShipmentStatus'], ParentType, ContextType>;
  carrier?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  trackingNumber?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  estimatedDelivery?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  events?: Resolver<ReadonlyArray<ResolversTypes['ShipmentEvent']>, ParentType, ContextType>;
  latestEvent?: Resolver<Maybe<ResolversTypes['ShipmentEvent']>, ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ShipmentStatusResolvers = EnumResolverSignature<{ PREPARING?: any, IN_TRANSIT?: any, OUT_FOR_DELIVERY?: any, DELIVERED?: any, CANCELLED?: any }, ResolversTypes['ShipmentStatus']>;

export type ShipmentEventResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['ShipmentEvent'] = ResolversParentTypes['ShipmentEvent']> = {
  status?: Resolver<ResolversTypes['ShipmentStatus'], ParentType, ContextType>;
  time?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  place?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type OrderConnectionResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['OrderConnection'] = ResolversParentTypes['OrderConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['OrderEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type OrderEdgeResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['OrderEdge'] = ResolversParentTypes['OrderEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Order'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = GraphqlContext> = {
  DateTime?: GraphQLScalarType;
  Node?: NodeResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  Viewer?: ViewerResolvers<ContextType>;
  OrderUpdate?: OrderUpdateResolvers<ContextType>;
  OrderPart?: OrderPartResolvers;
  CheckoutPayload?: CheckoutPayloadResolvers<ContextType>;
  CancelOrderPayload?: CancelOrderPayloadResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
  Order?: OrderResolvers<ContextType>;
  OrderStatus?: OrderStatusResolvers;
  OrderLine?: OrderLineResolvers<ContextType>;
  Money?: MoneyResolvers<ContextType>;
  Address?: AddressResolvers<ContextType>;
  Payment?: PaymentResolvers<ContextType>;
  PaymentStatus?: PaymentStatusResolvers;
  PaymentMethod?: PaymentMethodResolvers<ContextType>;
  Shipment?: ShipmentResolvers<ContextType>;
  ShipmentStatus?: ShipmentStatusResolvers;
  ShipmentEvent?: ShipmentEventResolvers<ContextType>;
  OrderConnection?: OrderConnectionResolvers<ContextType>;
  OrderEdge?: OrderEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
};
