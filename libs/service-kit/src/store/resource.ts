import type { Codec } from '@bff/contracts';

/** What the store must know of an order, a payment or a shipment. */
export interface Resource {
  readonly customerId: string;
  readonly orderId: string;
  readonly status: string;
  readonly createTime: Date;
  readonly updateTime: Date;
  readonly revision: number;
}

export interface ResourceType<T extends Resource> {
  /** `order`: how the resource is called in messages to clients. */
  readonly noun: string;
  /** `ord`: ids are `ord_0001`, `ord_0002`, … */
  readonly idPrefix: string;
  idOf(resource: T): string;
  /** How it is written down. The wire's own mapping, so that there is no second one to keep in step. */
  readonly codec: Pick<Codec<T>, 'toJson' | 'fromJson'>;
}

/** What `codec` wrote. */
export function readDocument<T extends Resource>({ codec }: ResourceType<T>, document: string): T {
  return codec.fromJson(JSON.parse(document));
}

/** A resource as it shall be stored. */
export interface Written<T> {
  value: T;
  /** When the service itself has something to do with it; undefined for never. */
  dueTime?: Date | undefined;
}

export function formatId(prefix: string, sequence: number): string {
  return `${prefix}_${String(sequence).padStart(4, '0')}`;
}

/** The number in an id that `formatId` made. */
export function sequenceOf(id: string): number {
  return Number(id.slice(id.indexOf('_') + 1));
}
