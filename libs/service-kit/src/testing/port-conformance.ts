import { afterAll, beforeAll, describe } from '@jest/globals';
import type { Change, ListQuery, Page, WatchQuery } from '@bff/contracts';
import type { Context } from '@bff/core';
import type { ServiceDefinition } from '../serve/service-definition.ts';
import type { Resource } from '../store/resource.ts';
import { callerContext, type Caller } from './caller-context.ts';
import { describeCreating } from './conformance/creating.ts';
import { describeListing } from './conformance/listing.ts';
import { describeReading } from './conformance/reading.ts';
import { describeTransitions } from './conformance/transitions.ts';
import { describeWatching } from './conformance/watching.ts';
import { describeWithdrawing } from './conformance/withdrawing.ts';
import { portFaces } from './port-faces.ts';

/** How the suite uses the port of one service. */
export interface PortConformanceOptions<T extends Resource, Port extends object> {
  definition: ServiceDefinition<T, Port>;
  get(port: Port, id: string, context: Context): Promise<T>;
  list(port: Port, query: ListQuery<string>, context: Context): Promise<Page<T>>;
  watch(port: Port, query: WatchQuery, context: Context): AsyncIterable<Change<T>>;
  /** A valid request; another `variant` is another request. */
  create(port: Port, variant: number, context: Context): Promise<T>;
  /** A request with faults in these fields. */
  createInvalid: { fields: readonly string[]; run(port: Port, context: Context): Promise<T> };
  /** A change of state that a new resource may go through. */
  transition: { to: string; run(port: Port, id: string, context: Context): Promise<T> };
  /** Undoes what was created under a key, which leaves it in the state `to`. */
  withdraw: { to: string; run(port: Port, idempotencyKey: string, context: Context): Promise<T | undefined> };
  /** A change of state that a resource of the sample data, alice's, is no longer fit for. */
  refused: { id: string; run(port: Port, id: string, context: Context): Promise<T> };
}

/** The suite's view of a service while its tests run. */
export interface Subject<T extends Resource> {
  /** Alice's first resource, and bob's, of the sample data. */
  readonly alices: string;
  readonly bobs: string;
  readonly streams: boolean;
  idOf(resource: T): string;
  get(id: string, caller?: Caller): Promise<T>;
  list(query: ListQuery<string>, caller?: Caller): Promise<Page<T>>;
  create(variant: number, caller?: Caller): Promise<T>;
  createInvalid(caller?: Caller): Promise<T>;
  readonly invalidFields: readonly string[];
  transition(id: string, caller?: Caller): Promise<T>;
  readonly transitionTo: string;
  refused(caller?: Caller): Promise<T>;
  withdraw(idempotencyKey: string, caller?: Caller): Promise<T | undefined>;
  readonly withdrawnTo: string;
  /** Watches until `count` changes have come, then ends. */
  watch(query: WatchQuery, count: number, caller?: Caller): Promise<Change<T>[]>;
}

/** What every stand-in service promises to its callers, whichever way they come: the same tests in process, over HTTP and over gRPC. */
export function describePortConformance<T extends Resource, Port extends object>(
  options: PortConformanceOptions<T, Port>,
): void {
  for (const [name, open] of Object.entries(portFaces(options.definition))) {
    describe(`${options.definition.name} ${name}`, () => {
      let face: Awaited<ReturnType<typeof open>>;
      beforeAll(async () => {
        face = await open();
      });
      afterAll(() => face.close());
      const subject = createSubject(options, () => face.port, name !== 'over HTTP');
      describeReading(subject);
      describeListing(subject);
      describeCreating(subject);
      describeTransitions(subject);
      describeWithdrawing(subject);
      if (subject.streams) describeWatching(subject);
    });
  }
}

function createSubject<T extends Resource, Port extends object>(
  options: PortConformanceOptions<T, Port>,
  port: () => Port,
  streams: boolean,
): Subject<T> {
  const { idPrefix, idOf } = options.definition.type;
  return {
    alices: `${idPrefix}_0001`,
    bobs: `${idPrefix}_0011`,
    streams,
    idOf,
    get: (id, caller) => within(caller, (context) => options.get(port(), id, context)),
    list: (query, caller) => within(caller, (context) => options.list(port(), query, context)),
    create: (variant, caller) => within(caller, (context) => options.create(port(), variant, context)),
    createInvalid: (caller) => within(caller, (context) => options.createInvalid.run(port(), context)),
    invalidFields: options.createInvalid.fields,
    transition: (id, caller) => within(caller, (context) => options.transition.run(port(), id, context)),
    transitionTo: options.transition.to,
    refused: (caller) =>
      within(caller, (context) => options.refused.run(port(), options.refused.id, context)),
    withdraw: (key, caller) => within(caller, (context) => options.withdraw.run(port(), key, context)),
    withdrawnTo: options.withdraw.to,
    watch: (query, count, caller) =>
      within(caller, async (context) => {
        const changes: Change<T>[] = [];
        if (count === 0) return changes;
        for await (const change of options.watch(port(), query, context)) {
          changes.push(change);
          if (changes.length === count) break;
        }
        return changes;
      }),
  };
}

async function within<R>(caller: Caller | undefined, work: (context: Context) => Promise<R>): Promise<R> {
  const scope = callerContext(caller);
  try {
    return await work(scope.context);
  } finally {
    scope.close();
  }
}
