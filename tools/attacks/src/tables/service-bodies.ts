import { serviceSamples, type ServiceSample } from './service-samples.ts';

const all = Object.keys(serviceSamples);
const withNumber = all.filter((name) => serviceSamples[name]?.number !== undefined);

export const json = ['Content-Type: application/json'];
const typed = (type: string) => [`Content-Type: ${type}`];

type Body = (sample: ServiceSample) => string;
interface Options {
  readonly lines?: readonly string[];
  readonly servers?: readonly string[];
}

const changed =
  (members: object): Body =>
  ({ body }) =>
    body(members);
const numbered =
  (value: string): Body =>
  ({ body, number = '' }) =>
    body().replace(number, `${number.split(':')[0] ?? ''}:${value}`);
const right: Body = ({ body }) => body();

/** New resources that a service must refuse, or make as it makes all. */
export const wrongResources: readonly [name: string, body: Body, status: number, options?: Options][] = [
  ['malformed JSON', () => '{"orderId":[', 400],
  ['an array', () => '[]', 400],
  ['a text', () => '"evil"', 400],
  ['null', () => 'null', 400],
  ['two documents', ({ body }) => body() + body(), 400],
  ['a form', () => 'lines=evil', 415, { lines: typed('application/x-www-form-urlencoded') }],
  ['text', right, 415, { lines: typed('text/plain') }],
  ['multipart', right, 415, { lines: typed('multipart/form-data; boundary=x') }],
  [
    'XML',
    () => '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
    415,
    { lines: typed('application/xml') },
  ],
  ['an unknown compression', right, 415, { lines: [...json, 'Content-Encoding: evil'] }],
  ['an unknown character set', right, 415, { lines: typed('application/json; charset=evil') }],
  ['mass assignment: another customer', changed({ customerId: 'mallory' }), 201],
  ['mass assignment: a state', ({ body, laterState }) => body({ status: laterState }), 201],
  ['mass assignment: a total', changed({ total: { currency: 'EUR', minorUnits: '1' } }), 201],
  ['mass assignment: an id', ({ body, idMember, takenId }) => body({ [idMember]: takenId }), 201],
  ['__proto__', ({ body }) => body().replace('{', '{"__proto__":{"customerId":"mallory"},'), 201],
  ['constructor', changed({ constructor: { prototype: { evil: true } } }), 201],
  ['a negative number', numbered('-1'), 400, { servers: withNumber }],
  ['a number beyond numbers', numbered('1e999'), 400, { servers: withNumber }],
  ['an object for a number', numbered('{"$gt":0}'), 400, { servers: withNumber }],
  ['deep nesting', () => `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`, 400],
  ['a key with a line end in its encoding', right, 400, { lines: [...json, 'Idempotency-Key: \xe9evil'] }],
  ['a key of 300 characters', right, 400, { lines: [...json, `Idempotency-Key: ${'k'.repeat(300)}`] }],
  ['a payment of nothing', numbered('"0"'), 400, { servers: ['payment-service'] }],
  ['a payment in another way of counting', numbered('"1.5"'), 400, { servers: ['payment-service'] }],
  [
    'a means of payment that was made up',
    changed({ methodToken: 'tok_evil' }),
    400,
    { servers: ['payment-service'] },
  ],
  [
    'a means of payment from the prototype',
    changed({ methodToken: 'constructor' }),
    400,
    { servers: ['payment-service'] },
  ],
  ['a parcel to nowhere', changed({ address: {} }), 400, { servers: ['shipping-service'] }],
];
