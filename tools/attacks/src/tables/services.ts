import type { Attack, Outcome } from '../attack.ts';
import { sendHttp, sendJson } from '../wire/http-request.ts';
import type { Target } from '../world/target.ts';
import { json, wrongResources } from './service-bodies.ts';
import { sampleOf, serviceSamples, type ServiceSample } from './service-samples.ts';

/** What a service that keeps orders, payments or shipments is asked with a right internal token. */
const all = Object.keys(serviceSamples);

/** Deeds with a resource of bob, by alice. */
const deeds: readonly [name: string, deed: string, server: string, status: number, body?: object][] = [
  ['a cancellation of another’s order', 'cancel', 'order-service', 404],
  ['a confirmation of another’s order', 'confirm', 'order-service', 404],
  ['a capture of another’s money', 'capture', 'payment-service', 404],
  ['a refund of another’s money', 'refund', 'payment-service', 404],
  ['a release of another’s money', 'void', 'payment-service', 404],
  ['a cancellation of another’s shipment', 'cancel', 'shipping-service', 404],
  ['a release of another’s shipment', 'release', 'shipping-service', 404],
  [
    'a step that no courier reports',
    'advance',
    'shipping-service',
    403,
    { status: 'SHIPMENT_STATUS_DELIVERED', place: 'A' },
  ],
];

const gets: readonly [name: string, target: (sample: ServiceSample) => string, status: number][] = [
  ['a page token that was made up', ({ collection }) => `${collection}?pageToken=evil`, 400],
  ['what nobody has', ({ collection, takenId }) => `${collection}/${takenId.slice(0, 4)}9999`, 404],
  ['SQL in an id', ({ collection, takenId }) => `${collection}/${takenId}'%20OR%20'1'='1`, 404],
  ['what another customer has', ({ collection }) => `${collection}?customerId=bob`, 200],
];

let keys = 0;

export const services: readonly Attack[] = [
  ...wrongResources.map(([name, body, status, { lines = json, servers = all } = {}]): Attack => ({
    name: `service: ${name}`,
    status,
    servers,
    send: (target) => {
      const sample = sampleOf(target);
      const key = lines.some((line) => line.startsWith('Idempotency-Key'))
        ? []
        : [`Idempotency-Key: a${keys++}`];
      return sendJson(target, sample.collection, body(sample), [...lines, ...key]);
    },
    check: (outcome, target) =>
      status !== 201 || isPlain(outcome, sampleOf(target))
        ? undefined
        : 'the resource has what the attacker gave it',
  })),
  ...deeds.map(([name, deed, server, status, body = {}]): Attack => ({
    name: `service: ${name}`,
    status,
    servers: [server],
    send: async (target) =>
      sendJson(target, `${await pathOfBobs(target)}:${deed}`, JSON.stringify(body), [
        ...json,
        `Idempotency-Key: a${keys++}`,
      ]),
  })),
  ...gets.map(([name, path, status]): Attack => ({
    name: `service: ${name}`,
    status,
    servers: all,
    send: (target) => sendHttp(target, { target: path(sampleOf(target)) }),
    check: ({ body }) => (/"customerId":"(?!alice)/.test(body) ? 'it tells of another user' : undefined),
  })),
  {
    name: 'service: a resource of another user',
    status: 404,
    servers: all,
    send: async (target) => sendHttp(target, { target: await pathOfBobs(target) }),
  },
  {
    name: 'service: a page of a billion',
    status: 200,
    servers: all,
    send: (target) => sendHttp(target, { target: `${sampleOf(target).collection}?pageSize=1000000000` }),
    check: ({ body }, target) =>
      ((JSON.parse(body) as Record<string, unknown[]>)[sampleOf(target).listed]?.length ?? Infinity) <= 200
        ? undefined
        : 'the page has no limit',
  },
];

async function pathOfBobs(target: Target): Promise<string> {
  const { collection, listed, idMember } = sampleOf(target);
  const authorization = `Bearer ${await target.token({ sub: 'bob' })}`;
  const { body } = await sendHttp(target, { authorization, target: `${collection}?pageSize=1` });
  const [bobs] = (JSON.parse(body) as Record<string, Record<string, string>[]>)[listed] ?? [];
  const id = bobs?.[idMember];
  if (id === undefined) throw new Error('bob has nothing that could be attacked');
  return `${collection}/${id}`;
}

/** As the service makes it, whatever else was in the request. */
function isPlain({ body }: Outcome, { noun, idMember, takenId, newState }: ServiceSample): boolean {
  const resource = (JSON.parse(body) as Record<string, Record<string, unknown>>)[noun] ?? {};
  const { minorUnits = '100' } = (resource['total'] ?? resource['amount'] ?? {}) as { minorUnits?: string };
  return (
    resource['customerId'] === 'alice' &&
    resource['status'] === newState &&
    resource[idMember] !== takenId &&
    minorUnits === '100'
  );
}
