import { AppError } from '@bff/core';
import type { Mapping } from './operation.ts';
import type { Address as AddressMessage, Money as MoneyMessage } from './generated/commerce/type/v1/type.ts';

export interface Money {
  /** ISO 4217. */
  currency: string;
  /** Cents for EUR, yen for JPY. */
  minorUnits: number;
}

export interface Address {
  recipient: string;
  street: string;
  postalCode: string;
  city: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
}

export interface Page<T> {
  items: readonly T[];
  /** Undefined on the last page. */
  nextPageToken: string | undefined;
}

/** Filters that the lists of all three services share; undefined means «any». */
export interface ListQuery<Status extends string> {
  /** Default 20; more than 100 gives 100; negative is refused. */
  pageSize?: number | undefined;
  pageToken?: string | undefined;
  orderIds?: readonly string[] | undefined;
  customerId?: string | undefined;
  status?: Status | undefined;
}

export interface WatchQuery {
  /** Changes after this revision; 0 for all that are kept. */
  sinceRevision: number;
  orderIds?: readonly string[] | undefined;
  customerId?: string | undefined;
}

/** One step of a change stream; `value` is the resource as it was after the change. */
export interface Change<T> {
  revision: number;
  value: T;
}

export const moneyMapping: Mapping<Money, MoneyMessage> = {
  toMessage: ({ currency, minorUnits }) => ({ currency, minorUnits: BigInt(minorUnits) }),
  fromMessage: ({ currency, minorUnits }) => ({ currency, minorUnits: Number(minorUnits) }),
};

export const addressMapping: Mapping<Address, AddressMessage> = {
  toMessage: ({ recipient, street, postalCode, city, country }) => ({
    recipient,
    street,
    postalCode,
    city,
    country,
  }),
  fromMessage: ({ recipient, street, postalCode, city, country }) => ({
    recipient,
    street,
    postalCode,
    city,
    country,
  }),
};

interface ListMessage<Status extends number> {
  pageSize: number;
  pageToken: string;
  orderIds: string[];
  customerId: string;
  status: Status;
}

/** Maps list filters; proto3 defaults (0, empty) stand for «not given». */
export function listQueryMapping<Name extends string, Status extends number>(
  statuses: StatusNames<Name, Status>,
): Mapping<ListQuery<Name>, ListMessage<Status>> {
  return {
    toMessage: (query) => ({
      pageSize: query.pageSize ?? 0,
      pageToken: query.pageToken ?? '',
      orderIds: [...(query.orderIds ?? [])],
      customerId: query.customerId ?? '',
      status: query.status === undefined ? statuses.unspecified : statuses.toNumber(query.status),
    }),
    fromMessage: (message) => ({
      pageSize: message.pageSize === 0 ? undefined : message.pageSize,
      pageToken: message.pageToken || undefined,
      orderIds: message.orderIds.length === 0 ? undefined : message.orderIds,
      customerId: message.customerId || undefined,
      status: message.status === statuses.unspecified ? undefined : statuses.toName(message.status),
    }),
  };
}

interface WatchMessage {
  sinceRevision: bigint;
  orderIds: string[];
  customerId: string;
}

export const watchQueryMapping: Mapping<WatchQuery, WatchMessage> = {
  toMessage: (query) => ({
    sinceRevision: BigInt(query.sinceRevision),
    orderIds: [...(query.orderIds ?? [])],
    customerId: query.customerId ?? '',
  }),
  fromMessage: (message) => ({
    sinceRevision: Number(message.sinceRevision),
    orderIds: message.orderIds.length === 0 ? undefined : message.orderIds,
    customerId: message.customerId || undefined,
  }),
};

/** Status names of the domain ↔ numbers of the wire. */
export interface StatusNames<Name extends string, Status extends number> {
  readonly unspecified: Status;
  toNumber(name: Name): Status;
  toName(value: Status): Name;
}

export function statusNames<Name extends string, Status extends number>(
  unspecified: Status,
  numbers: Readonly<Record<Name, Status>>,
): StatusNames<Name, Status> {
  const names = new Map(Object.entries<Status>(numbers).map(([name, value]) => [value, name as Name]));
  return {
    unspecified,
    toNumber: (name) => numbers[name],
    toName(value) {
      const name = names.get(value);
      if (name === undefined)
        throw new AppError('invalid_argument', `Unknown status number ${String(value)}.`);
      return name;
    },
  };
}

/** A message field that the domain cannot do without. */
export function required<T>(value: T | undefined, field: string): T {
  if (value === undefined) {
    throw new AppError('invalid_argument', `The field ${field} is missing.`, {
      faults: [{ field, message: 'is required' }],
    });
  }
  return value;
}
