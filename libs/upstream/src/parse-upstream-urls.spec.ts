import { describe, expect, it } from '@jest/globals';
import { parseUpstreamUrls } from './parse-upstream-urls.ts';

describe('parseUpstreamUrls', () => {
  it('reads one address or several, of either scheme', () => {
    expect(parseUpstreamUrls('grpc://order-service:50051')).toEqual({
      scheme: 'grpc',
      source: {
        kind: 'list',
        endpoints: [{ id: 'order-service:50051', url: 'grpc://order-service:50051' }],
      },
    });
    expect(parseUpstreamUrls(' http://127.0.0.1:3001/, http://[::1]:3002,')).toEqual({
      scheme: 'http',
      source: {
        kind: 'list',
        endpoints: [
          { id: '127.0.0.1:3001', url: 'http://127.0.0.1:3001' },
          { id: '[::1]:3002', url: 'http://[::1]:3002' },
        ],
      },
    });
  });

  it('gives HTTP its usual port', () => {
    expect(parseUpstreamUrls('http://orders').source).toMatchObject({ endpoints: [{ id: 'orders:80' }] });
  });

  it.each([
    ['dns+http://orders:3000', 'http', { kind: 'dns', url: 'http://orders:3000' }],
    ['dns+grpc://orders.shop.svc:50051', 'grpc', { kind: 'dns', url: 'grpc://orders.shop.svc:50051' }],
    ['srv+grpc://_grpc._tcp.orders', 'grpc', { kind: 'srv', url: 'grpc://_grpc._tcp.orders' }],
    ['file+http:///etc/bff/orders.json', 'http', { kind: 'file', path: '/etc/bff/orders.json' }],
  ])('reads from %s where instances are found', (text, scheme, source) => {
    expect(parseUpstreamUrls(text)).toEqual({ scheme, source });
  });

  it.each([
    ['', 'no address; give http://host:port'],
    [' , ', 'no address'],
    ['orders', '"orders" is not a URL'],
    ['127.0.0.1:3000', '"127.0.0.1:3000" is not a URL'],
    ['orders:3000', '"orders:3000" is not a URL'],
    ['https://orders:3000', 'has the scheme https'],
    ['grpc://orders', '"grpc://orders" has no port'],
    ['grpc:///x', 'has no host'],
    ['http://orders:3000/v1', 'has more than host and port'],
    ['http://orders:3000?x=1', 'has more than host and port'],
    ['dns+http://orders:3000,http://b:2', 'finds the instances by itself; give it alone'],
    ['dns+grpc://orders', 'has no port'],
    ['srv+grpc://orders:50051', 'give no port'],
    ['file+http://orders.json', 'has no absolute path'],
    ['dns+https://orders', 'has the scheme dns+https'],
    ['http://a:1,grpc://b:2', 'http://a:1 and grpc://b:2 differ in scheme'],
    ['http://a:1,http://b:2,http://a:1/', 'http://a:1 is listed twice'],
  ])('refuses "%s" and says why', (text, message) => {
    expect(() => parseUpstreamUrls(text)).toThrow(message);
  });

  it('does not repeat a password', () => {
    const refused = () => parseUpstreamUrls('http://admin:s3cret@orders:3000');
    expect(refused).toThrow('contains credentials');
    expect(refused).not.toThrow('s3cret');
  });
});
