import { describe, expect, it } from '@jest/globals';
import { requireSameOrigin } from './same-origin.ts';

const origins = ['https://shop.example', 'https://shop2.example'];
const check = (method: string, headers: Record<string, string>) => () => {
  requireSameOrigin({ method, headers, origins });
};

describe('requireSameOrigin', () => {
  it.each([
    [{ 'x-csrf': '1', 'sec-fetch-site': 'same-origin' }],
    [{ 'x-csrf': '1', origin: 'https://shop.example' }],
    [{ 'x-csrf': '1', origin: 'https://shop2.example', 'sec-fetch-site': 'same-origin' }],
  ])('lets %j change something', (headers) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) expect(check(method, headers)).not.toThrow();
  });

  it.each<[Record<string, string>]>([
    [{}],
    [{ 'x-csrf': '1' }],
    [{ 'sec-fetch-site': 'same-origin' }],
    [{ origin: 'https://shop.example' }],
    [{ 'x-csrf': '1', 'sec-fetch-site': 'same-site' }],
    [{ 'x-csrf': '1', 'sec-fetch-site': 'cross-site' }],
    [{ 'x-csrf': '1', 'sec-fetch-site': 'none' }],
    [{ 'x-csrf': '1', 'sec-fetch-site': 'cross-site', origin: 'https://shop.example' }],
    [{ 'x-csrf': '1', 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }],
    [{ 'x-csrf': '1', origin: 'null' }],
    [{ 'x-csrf': '1', origin: 'https://shop.example.evil.example' }],
    [{ 'x-csrf': '1', origin: 'http://shop.example' }],
    [{ 'x-csrf': '1', origin: 'https://shop.example:8443' }],
    [{ 'x-csrf': '1', 'sec-fetch-site': '' }],
  ])('refuses %j', (headers) => {
    expect(check('POST', headers)).toThrow('must come from a page of this site');
  });

  it('asks nothing of what changes nothing', () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS']) expect(check(method, {})).not.toThrow();
  });
});
