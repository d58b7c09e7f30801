import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createManualClock, openTestContext } from '@bff/core/testing';
import { createLogger, createMetrics, logFields } from './index.ts';

describe('logger', () => {
  it('writes one JSON line with service, instance, request id and trace id, and no credentials', () => {
    const destination = new PassThrough();
    const clock = createManualClock();
    const logger = createLogger({
      service: 'web-bff',
      instance: 'web-bff-1',
      level: 'info',
      clock,
      destination,
    });
    const scope = openTestContext();
    logger.info(
      { ...logFields(scope.context), headers: { authorization: 'Bearer abc', cookie: 'id=1' } },
      'served',
    );
    scope.close();
    const line = String(destination.read());
    expect(JSON.parse(line)).toMatchObject({
      level: 'info',
      time: clock.date().toISOString(),
      service: 'web-bff',
      instance: 'web-bff-1',
      requestId: 'test-request',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      subject: 'alice',
      msg: 'served',
    });
    expect(line).not.toContain('Bearer abc');
    expect(line).not.toContain('id=1');
  });
});

describe('metrics', () => {
  it('counts requests and attempts in seconds under the process’s labels', async () => {
    const metrics = createMetrics({ service: 'web-bff', instance: 'web-bff-1' });
    metrics.httpRequest({ route: '/v1/orders/{orderId}', method: 'GET', status: '200', durationMs: 20 });
    metrics.upstreamAttempt({
      upstream: 'order-service',
      endpoint: '127.0.0.1:9101',
      operation: 'GetOrder',
      outcome: 'ok',
      durationMs: 7,
    });
    const text = await metrics.expose();
    expect(text).toContain(
      'http_server_request_duration_seconds_bucket{le="0.025",service="web-bff",instance="web-bff-1",route="/v1/orders/{orderId}",method="GET",status="200"} 1',
    );
    expect(text).toMatch(/upstream_attempt_duration_seconds_sum\{.*upstream="order-service".*\} 0\.007/);
  });

  it('counts what upstreams decide, and shows their instances as they are at the scrape', async () => {
    const metrics = createMetrics({ service: 'web-bff', instance: 'web-bff-1' });
    const upstream = 'order-service';
    metrics.upstreamDecision({ upstream, endpoint: 'a:1', event: 'ejected', reason: 'connection' });
    metrics.furtherAttempt({ upstream, operation: 'GetOrder', event: 'retry', reason: 'reset' });
    let endpoints = [
      { id: 'a:1', state: 'ejected', pending: 2, picks: 7, ewmaMs: 250, warmth: 1 },
      { id: 'b:1', state: 'available', pending: 0 },
    ];
    metrics.watchUpstreams(() => [{ name: upstream, retryBudgetLeft: 18, endpoints }]);
    const text = await metrics.expose();
    expect(text).toMatch(
      /upstream_decisions_total\{.*endpoint="a:1",event="ejected",reason="connection".*\} 1/,
    );
    expect(text).toMatch(/upstream_further_attempts_total\{.*event="retry",reason="reset".*\} 1/);
    expect(text).toMatch(/upstream_endpoint_available\{.*endpoint="a:1".*\} 0/);
    expect(text).toMatch(/upstream_endpoint_available\{.*endpoint="b:1".*\} 1/);
    expect(text).toMatch(/upstream_endpoint_ewma_seconds\{.*endpoint="a:1".*\} 0\.25/);
    expect(text).not.toMatch(/upstream_endpoint_ewma_seconds\{.*endpoint="b:1"/);
    expect(text).toMatch(/upstream_retry_budget_left\{.*\} 18/);
    endpoints = endpoints.slice(1);
    expect(await metrics.expose()).not.toMatch(/upstream_endpoint_available\{.*endpoint="a:1"/);
  });
});
