import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { AppError, Secret, continueTrace, formatTraceparent, stack, type Filter } from './index.ts';
import { openTestContext } from './testing/index.ts';

describe('AppError.from', () => {
  it('keeps an AppError and hides anything else behind internal', () => {
    const known = new AppError('not_found', 'No such order.');
    expect(AppError.from(known)).toBe(known);
    const cause = new Error('connect ECONNREFUSED 10.0.0.7:5432');
    expect(AppError.from(cause)).toMatchObject({ code: 'internal', cause });
    expect(AppError.from(cause).message).not.toContain('10.0.0.7');
  });
});

describe('trace context', () => {
  const randomHex = (bytes: number) => 'ab'.repeat(bytes);

  it('continues a valid trace with a span of its own', () => {
    const trace = continueTrace('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', randomHex);
    expect(formatTraceparent(trace)).toBe('00-0af7651916cd43dd8448eb211c80319c-abababababababab-01');
  });

  it.each([
    undefined,
    '',
    'garbage',
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${'A'.repeat(32)}-b7ad6b7169203331-01`,
  ])('starts a new trace for %p', (header) => {
    expect(continueTrace(header, randomHex)).toEqual({
      traceId: 'ab'.repeat(16),
      spanId: 'ab'.repeat(8),
      sampled: false,
    });
  });
});

describe('stack', () => {
  it('runs the first filter outermost', async () => {
    const mark =
      (name: string): Filter<string[], string[]> =>
      (next) =>
      (request, context) =>
        next([...request, name], context);
    const call = stack([mark('outer'), mark('inner')], (request) => Promise.resolve(request));
    const scope = openTestContext();
    expect(await call([], scope.context)).toEqual(['outer', 'inner']);
    scope.close();
  });
});

describe('Secret', () => {
  it('shows itself only on request', () => {
    const secret = new Secret('hunter2');
    expect(secret.reveal()).toBe('hunter2');
    expect(`${String(secret)} ${JSON.stringify({ secret })} ${inspect(secret)}`).not.toContain('hunter2');
  });
});
