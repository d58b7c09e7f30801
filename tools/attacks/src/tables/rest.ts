import type { Attack } from '../attack.ts';
import { sendHttp } from '../wire/http-request.ts';
import { serviceSamples } from './service-samples.ts';

const services = Object.keys(serviceSamples);

/** What follows the path of a list. */
const queries: readonly [name: string, query: string][] = [
  ['a negative page', 'pageSize=-1'],
  ['a page that is no number', 'pageSize=evil'],
  ['a parameter that nobody knows', 'admin=true'],
  ['a parameter given twice', 'pageSize=1&pageSize=2'],
  ['a parameter that is an object', 'pageSize[$gt]=1'],
  ['__proto__ in the query', '__proto__=evil'],
];

export const rest: readonly Attack[] = [
  ...queries.map(([name, query]): Attack => ({
    name: `rest: ${name}`,
    status: 400,
    servers: ['web-bff', ...services],
    send: (target) => sendHttp(target, { target: `${target.path}?${query}` }),
  })),
  ...['PUT', 'DELETE', 'PATCH'].map((method): Attack => ({
    name: `rest: ${method} where only GET is`,
    status: ({ server }) => (services.includes(server) ? 404 : 405),
    servers: ['api-gateway', 'web-bff', ...services],
    send: (target) => sendHttp(target, { method }),
  })),
];
